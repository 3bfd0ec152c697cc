import { make, sheet } from "../shared/dom.js";
import { parseLenientJSON } from "./lenient-json.js";

/** What every crowd element looks like. Templates are written for a white page, so these do not turn dark. */
const common = sheet(`
  :host { box-sizing: border-box; font: 400 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
    color: #1d2433;
    --accent: #2450c5; --accent-strong: #1b3f9e; --line: #c9cfda; --soft: #5a6478; --ground: #f5f6f9; --danger: #b3261e; }
  :host([hidden]) { display: none !important; }
  *, *::before, *::after { box-sizing: border-box; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
  .problem { color: var(--danger); font-size: 13px; margin: 4px 0 0; }
  .problem:empty { display: none; }
  button.plain { font: inherit; cursor: pointer; border: 1px solid var(--line); background: #fff; color: var(--accent-strong);
    border-radius: 6px; padding: 6px 14px; min-height: 36px; }
  button.plain:hover { background: var(--ground); }
  button.link { font: inherit; cursor: pointer; border: 0; background: none; color: var(--accent); text-decoration: underline;
    padding: 4px 0; min-height: 24px; }
`);

/** Base of all crowd elements: an open shadow root, and its parts made when the element is first connected. */
export class CrowdElement extends HTMLElement {
  /** A style sheet of the element's own, or none. */
  static styles = null;
  #isRendered = false;

  constructor() {
    super();
    this.attachShadow({ mode: "open" });
    this.shadowRoot.adoptedStyleSheets = this.constructor.styles ? [common, this.constructor.styles] : [common];
  }

  connectedCallback() {
    if (this.#isRendered) return;
    this.#isRendered = true;
    this.render();
  }

  attributeChangedCallback() { this.refresh(); }

  /** Updates what is there already. */
  refresh() {
    if (this.#isRendered) this.update();
  }

  /** Fills the shadow root, once. */
  render() {
    this.shadowRoot.append(make("slot"));
    this.update();
  }

  /** Called after `render` and whenever an observed attribute changes. */
  update() {}

  /** An attribute as JSON, or `fallback` with a message in the console. */
  json(name, fallback) {
    const text = this.getAttribute(name);
    if (text === null || text.trim() === "") return fallback;
    try {
      return parseLenientJSON(text);
    } catch (error) {
      console.error(`${this.localName}: the attribute ${name} is not JSON: ${error.message}`);
      return fallback;
    }
  }

  /** A property that a script may have set before this element was defined. */
  adoptProperty(name) {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    delete this[name];
    this[name] = value;
  }
}

/**
 * A crowd element with a part in the answer.
 *
 * `answer` is that part: `undefined` when the key is to be absent. Parts of the same name that are objects are joined.
 */
export class CrowdControl extends CrowdElement {
  /** A `fieldset` that is disabled disables these too. */
  static formAssociated = true;

  get name() { return this.getAttribute("name") ?? ""; }
  set name(name) { this.setAttribute("name", name); }
  get disabled() { return this.matches(":disabled"); }
  set disabled(isDisabled) { this.toggleAttribute("disabled", isDisabled); }
  formDisabledCallback() { this.refresh(); }
  get required() { return this.hasAttribute("required"); }
  get answer() { return undefined; }
  /** Goes back to what the template said. */
  reset() {}
  /** Takes a part of an earlier answer back; `undefined` where the key was absent. What does not fit is left out. */
  restore(_part) {}
  /** Shows what is wrong beside the control. Returns whether nothing is. */
  reportValidity() { return true; }
}
