import { make, sheet } from "../shared/dom.js";
import { CrowdControl, CrowdElement } from "./element.js";

const styles = sheet(`
  :host { display: inline-block; margin: 2px 16px 2px 0; }
  label { display: inline-flex; gap: 8px; align-items: baseline; cursor: pointer; padding: 3px 0; }
  input { width: 17px; height: 17px; margin: 0; accent-color: var(--accent); transform: translateY(3px); flex: none; }
  :host([disabled]) label { opacity: .55; cursor: default; }
`);

/** What a box or button that is on or off shares: `{"<value>": true or false}`, the value being `on` by default. */
class CrowdChoice extends CrowdControl {
  static observedAttributes = ["disabled", "checked"];
  static styles = styles;
  static inputType = "checkbox";
  #problem = make("p", { class: "problem", role: "alert" });
  #input = make("input", { type: this.constructor.inputType });

  render() {
    this.#input.addEventListener("change", () => this.#changed());
    this.shadowRoot.append(make("label", {}, this.#input, make("span", {}, make("slot"))), this.#problem);
    this.#input.checked = this.hasAttribute("checked");
    this.adoptProperty("checked");
    this.update();
  }

  update() {
    this.#input.disabled = this.disabled;
    if (!this.textContent.trim()) this.#input.setAttribute("aria-label", this.getAttribute("aria-label") ?? this.name);
  }

  attributeChangedCallback(name, former, latter) {
    if (name === "checked") this.#input.checked = latter !== null;
    super.attributeChangedCallback(name, former, latter);
  }

  get value() { return this.getAttribute("value") ?? "on"; }
  set value(value) { this.setAttribute("value", value); }
  get checked() { return this.#input.checked; }
  set checked(isChecked) {
    this.#input.checked = Boolean(isChecked);
    if (isChecked) this.#clearOthers();
  }

  get answer() { return Object.fromEntries([[this.value, this.checked]]); }

  focus(options) { this.#input.focus(options); }

  reset() {
    this.#input.checked = this.hasAttribute("checked");
    this.#problem.textContent = "";
  }

  reportValidity() {
    const isMissing = this.required && !this.checked;
    this.#problem.textContent = isMissing ? "This has to be checked." : "";
    if (isMissing) this.focus();
    return !isMissing;
  }

  #changed() {
    this.#problem.textContent = "";
    if (this.checked) this.#clearOthers();
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #clearOthers() {
    this.closest("crowd-radio-group")?.keepOnly?.(this);
  }
}

/** `crowd-checkbox`. */
export class CrowdCheckbox extends CrowdChoice {}

/** `crowd-toggle-button`: a check box that looks like a switch. */
export class CrowdToggleButton extends CrowdChoice {
  static styles = sheet(`
    :host { display: inline-block; margin: 2px 16px 2px 0; }
    label { display: inline-flex; gap: 10px; align-items: center; cursor: pointer; padding: 3px 0; }
    input { appearance: none; width: 40px; height: 24px; margin: 0; border-radius: 12px; background: #737c8f; position: relative;
      flex: none; cursor: pointer; }
    input::after { content: ""; position: absolute; left: 3px; top: 3px; width: 18px; height: 18px; border-radius: 50%;
      background: #fff; transition: left .12s; }
    input:checked { background: var(--accent); }
    input:checked::after { left: 19px; }
    :host([invalid]) input:not(:checked) { background: var(--danger); }
    :host([disabled]) label { opacity: .55; cursor: default; }
  `);

  connectedCallback() {
    super.connectedCallback();
    this.shadowRoot.querySelector("input").setAttribute("role", "switch");
  }
}

/** `crowd-radio-button`: has a name of its own; the group around it keeps one checked. */
export class CrowdRadioButton extends CrowdChoice {
  static inputType = "radio";
}

/** `crowd-radio-group`: at most one of its buttons is checked; arrow keys move among them. */
export class CrowdRadioGroup extends CrowdElement {
  static styles = sheet(":host { display: block; }");

  render() {
    if (!this.hasAttribute("role")) this.setAttribute("role", "radiogroup");
    this.addEventListener("keydown", (event) => this.#keyPressed(event));
    super.render();
  }

  keepOnly(checked) {
    for (const button of this.#buttons) if (button !== checked) button.checked = false;
  }

  get #buttons() { return [...this.querySelectorAll("crowd-radio-button")]; }

  #keyPressed(event) {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const enabled = this.#buttons.filter((button) => !button.disabled);
    const index = enabled.findIndex((button) => button === event.target.closest("crowd-radio-button"));
    if (!step || index < 0) return;
    event.preventDefault();
    const next = enabled[(index + step + enabled.length) % enabled.length];
    next.checked = true;
    next.focus();
    next.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
