import { make, sheet } from "../shared/dom.js";
import { CrowdControl } from "./element.js";

const styles = sheet(`
  :host { display: block; margin: 8px 0; }
  label { display: block; font-size: 13px; font-weight: 600; color: var(--soft); margin-bottom: 4px; }
  label:empty { display: none; }
  input, textarea { width: 100%; font: inherit; color: inherit; background: #fff; border: 1px solid #8a93a6; border-radius: 6px;
    padding: 8px 10px; }
  textarea { resize: vertical; }
  input[aria-invalid=true], textarea[aria-invalid=true] { border-color: var(--danger); }
  .count { font-size: 12px; color: var(--soft); text-align: right; margin: 2px 0 0; }
`);

/** What `crowd-input` and `crowd-text-area` share. */
class CrowdTextField extends CrowdControl {
  static observedAttributes = ["label", "placeholder", "disabled", "value"];
  static styles = styles;
  #problem = make("p", { class: "problem", id: "problem", role: "alert" });
  #label = make("label", { for: "field" });
  #field;
  #isEdited = false;

  /** The native element, made by the subclass. */
  makeField() { return make("input"); }

  render() {
    this.#field = this.makeField();
    this.#field.id = "field";
    this.#field.setAttribute("aria-describedby", "problem");
    this.#limit("max-length", "maxlength");
    this.#limit("min-length", "minlength");
    this.#field.required = this.required;
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("change", () => this.dispatchEvent(new Event("change", { bubbles: true })));
    this.shadowRoot.append(this.#label, this.#field, this.#problem);
    this.update();
    this.adoptProperty("value");
    const focuses = this.getAttribute("auto-focus");
    if (focuses !== null && focuses !== "false") this.#field.focus();
  }

  update() {
    const label = this.getAttribute("label") ?? "";
    this.#label.textContent = label;
    this.#field.placeholder = this.getAttribute("placeholder") ?? "";
    this.#field.setAttribute("aria-label", label || this.getAttribute("aria-label") || this.#field.placeholder || this.name);
    this.#field.disabled = this.disabled;
    if (!this.#isEdited) this.#field.value = this.getAttribute("value") ?? "";
  }

  get value() { return this.#field ? this.#field.value : this.getAttribute("value") ?? ""; }
  set value(value) {
    this.#isEdited = true;
    this.#field.value = value ?? "";
  }

  /** An empty field is absent from the answer. */
  get answer() { return this.value === "" ? undefined : this.value; }

  restore(part) { this.value = typeof part === "string" ? part : ""; }

  focus(options) { this.#field?.focus(options); }

  reset() {
    this.#isEdited = false;
    this.update();
    this.#show("");
  }

  reportValidity() {
    const message = this.#field.validity.valid ? this.#patternProblem() : this.#field.validationMessage;
    this.#show(message);
    if (message) this.#field.focus();
    return !message;
  }

  #typed() {
    this.#isEdited = true;
    if (this.hasAttribute("auto-validate")) this.#show(this.#patternProblem());
    else this.#show("");
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #patternProblem() {
    const pattern = this.getAttribute("allowed-pattern");
    if (!pattern || !this.hasAttribute("auto-validate")) return "";
    try {
      const allowed = new RegExp(`^(?:${pattern})$`, "u");
      const isAllowed = allowed.test(this.value) || [...this.value].every((character) => allowed.test(character));
      return isAllowed ? "" : this.getAttribute("error-message") ?? "This has characters that are not allowed here.";
    } catch {
      return "";
    }
  }

  #show(message) {
    this.#problem.textContent = message && (this.getAttribute("error-message") ?? message);
    this.#field.setAttribute("aria-invalid", String(Boolean(message)));
  }

  #limit(attribute, native) {
    const limit = Number.parseInt(this.getAttribute(attribute), 10);
    if (limit >= 0) this.#field.setAttribute(native, limit);
  }
}

/** `crowd-input`: one line of text. */
export class CrowdInput extends CrowdTextField {
  makeField() { return make("input", { type: this.getAttribute("type") ?? "text" }); }
}

/** `crowd-text-area`: several lines; line ends are LF in the answer. */
export class CrowdTextArea extends CrowdTextField {
  makeField() {
    const field = make("textarea", { rows: Number.parseInt(this.getAttribute("rows"), 10) || 3 });
    if (this.hasAttribute("char-counter")) {
      const count = make("p", { class: "count" });
      const tell = () => { count.textContent = `${[...field.value].length} characters`; };
      field.addEventListener("input", tell);
      queueMicrotask(() => { this.shadowRoot.append(count); tell(); });
    }
    return field;
  }
}
