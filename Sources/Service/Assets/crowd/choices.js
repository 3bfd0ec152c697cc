import { make, sheet } from "../shared/dom.js";
import { CrowdControl, CrowdElement } from "./element.js";

const styles = sheet(`
  :host { display: inline-block; margin: 2px 16px 2px 0; }
  label { display: inline-flex; gap: 8px; align-items: baseline; cursor: pointer; padding: 3px 0; }
  input { width: 17px; height: 17px; margin: 0; accent-color: var(--accent); transform: translateY(3px); flex: none; }
  :host(:disabled) label { opacity: .55; cursor: default; }
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

  restore(part) { this.checked = part?.[this.value] === true; }

  focus(options) { this.#input.focus(options); }

  reset() {
    this.#input.checked = this.hasAttribute("checked");
    this.forgetProblem();
  }

  /** What `required` asks for. */
  get isAnswered() { return this.checked; }
  get problem() { return "This has to be checked."; }

  reportValidity() {
    const isMissing = this.required && !this.isAnswered;
    this.#problem.textContent = isMissing ? this.problem : "";
    if (isMissing) this.focus();
    return !isMissing;
  }

  forgetProblem() { this.#problem.textContent = ""; }

  /** Whether the Tab key stops here. */
  set isTabStop(isTabStop) { this.#input.tabIndex = isTabStop ? 0 : -1; }

  #changed() {
    this.forgetProblem();
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
    :host(:disabled) label { opacity: .55; cursor: default; }
    @media (forced-colors: active) {
      input { forced-color-adjust: none; background: Canvas; border: 2px solid ButtonText; }
      input::after { top: 1px; left: 1px; background: ButtonText; }
      input:checked, :host([invalid]) input:not(:checked) { background: Highlight; border-color: Highlight; }
      :host([invalid]) input:not(:checked) { background: Canvas; border-style: dashed; }
      input:checked::after { left: 17px; background: HighlightText; }
      input:focus-visible { outline-color: CanvasText; }
    }
  `);

  connectedCallback() {
    super.connectedCallback();
    this.shadowRoot.querySelector("input").setAttribute("role", "switch");
  }
}

/** `crowd-radio-button`: has a name of its own; the group around it keeps one checked, and one is what `required` asks for. */
export class CrowdRadioButton extends CrowdChoice {
  static inputType = "radio";

  get isAnswered() { return this.#group?.isAnswered ?? this.checked; }
  get problem() { return this.#group ? "One of these has to be chosen." : super.problem; }

  update() {
    super.update();
    this.#group?.placeTabStop?.();
  }

  reset() {
    super.reset();
    this.#group?.placeTabStop?.();
  }

  get #group() { return this.closest("crowd-radio-group"); }
}

/** `crowd-radio-group`: at most one of its buttons is checked. It is one stop of the Tab key; arrow keys move among the buttons. */
export class CrowdRadioGroup extends CrowdElement {
  static styles = sheet(":host { display: block; }");

  render() {
    if (!this.hasAttribute("role")) this.setAttribute("role", "radiogroup");
    this.addEventListener("keydown", (event) => this.#keyPressed(event));
    super.render();
    this.placeTabStop();
  }

  get isAnswered() { return this.#buttons.some((button) => button.checked); }

  keepOnly(checked) {
    for (const button of this.#buttons) {
      button.forgetProblem();
      if (button !== checked) button.checked = false;
    }
    this.placeTabStop();
  }

  /** The Tab key stops at the checked button, else at the first that can be chosen. */
  placeTabStop() {
    const enabled = this.#buttons.filter((button) => !button.disabled);
    const stop = enabled.find((button) => button.checked) ?? enabled[0];
    for (const button of this.#buttons) button.isTabStop = button === stop;
  }

  get #buttons() { return [...this.querySelectorAll("crowd-radio-button")].filter((button) => button instanceof CrowdRadioButton); }

  #keyPressed(event) {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
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
