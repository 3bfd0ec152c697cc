import { make, sheet } from "../shared/dom.js";
import { CrowdControl } from "./element.js";

/** `crowd-slider`: its answer is a number. `editable` adds a field to type the number into; `pin` shows it. */
export class CrowdSlider extends CrowdControl {
  static observedAttributes = ["min", "max", "step", "disabled"];
  static styles = sheet(`
    :host { display: block; margin: 8px 0; max-width: 420px; }
    .row { display: flex; gap: 12px; align-items: center; }
    input[type=range] { flex: 1; accent-color: var(--accent); min-height: 28px; }
    input[type=number] { width: 84px; font: inherit; padding: 5px 8px; border: 1px solid #8a93a6; border-radius: 6px; }
    output { min-width: 3ch; font-variant-numeric: tabular-nums; }
  `);
  #range = make("input", { type: "range" });
  #number = make("input", { type: "number" });
  #output = make("output");

  render() {
    const isEditable = this.hasAttribute("editable");
    this.shadowRoot.append(make("div", { class: "row" }, this.#range, isEditable ? this.#number : this.#output));
    this.#range.addEventListener("input", () => this.#moved(this.#range.value));
    this.#number.addEventListener("change", () => this.#moved(this.#number.value));
    this.update();
    this.reset();
    this.adoptProperty("value");
  }

  update() {
    for (const field of [this.#range, this.#number]) {
      for (const name of ["min", "max", "step"]) if (this.hasAttribute(name)) field.setAttribute(name, this.getAttribute(name));
      field.disabled = this.disabled;
      field.setAttribute("aria-label", this.getAttribute("aria-label") ?? this.getAttribute("label") ?? (this.name || "value"));
    }
  }

  get value() { return Number(this.#range.value); }
  set value(value) { this.#show(value); }
  get answer() { return this.value; }

  restore(part) { if (Number.isFinite(part)) this.value = part; }

  focus(options) { this.#range.focus(options); }

  /** The start is `value`, else `min`. */
  reset() { this.#show(this.getAttribute("value") ?? this.getAttribute("min") ?? "0"); }

  #moved(value) {
    this.#show(value);
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #show(value) {
    this.#range.value = value;
    this.#number.value = this.#range.value;
    this.#output.textContent = this.#range.value;
  }
}
