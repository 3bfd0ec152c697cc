import { isTyping, make, sheet } from "../shared/dom.js";
import { CrowdControl } from "./element.js";

const styles = sheet(`
  :host { display: block; }
  .layout { display: grid; grid-template-columns: auto minmax(0, 3fr) minmax(200px, 1fr); gap: 24px; align-items: start; }
  .layout.without-instructions { grid-template-columns: minmax(0, 3fr) minmax(200px, 1fr); }
  .instructions { display: grid; gap: 12px; width: clamp(180px, 18vw, 280px); max-width: 100%; }
  .without-instructions .instructions { display: none; }
  @media (max-width: 860px) { .layout, .layout.without-instructions { grid-template-columns: minmax(0, 1fr); }
    .instructions { width: auto; } }
  .window { display: contents; }
  h2 { font-size: 17px; line-height: 1.35; margin: 0 0 12px; }
  .target { border: 1px solid var(--line); border-radius: 8px; padding: 20px; background: #fff; overflow-wrap: anywhere;
    min-width: 0; }
  .target img { display: block; max-width: 100%; max-height: 70vh; margin: auto; }
  .category-picker-wrapper > button { font: 600 15px/1.2 system-ui, sans-serif; width: 100%; min-height: 40px; margin-top: 12px;
    border: 0; border-radius: 7px; background: var(--accent); color: #fff; cursor: pointer; }
  fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
  legend { font-weight: 600; font-size: 13px; color: var(--soft); padding: 0; margin-bottom: 8px; }
  .categories { display: grid; gap: 6px; }
  .side { display: grid; gap: 12px; }
  .categories label { display: flex; gap: 10px; align-items: center; border: 1px solid var(--line); border-radius: 7px;
    padding: 8px 12px; min-height: 40px; cursor: pointer; background: #fff; overflow-wrap: anywhere; }
  .categories label:hover { background: var(--ground); }
  .categories label:has(:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); background: #eff3ff; }
  .categories label:has(:focus-visible) { outline: 2px solid var(--accent); outline-offset: 2px; }
  .categories input { accent-color: var(--accent); width: 17px; height: 17px; margin: 0; flex: none; }
  .categories label span { flex: 1; min-width: 0; }
  kbd { font: 12px system-ui, sans-serif; color: var(--soft); border: 1px solid var(--line); border-radius: 4px; padding: 0 6px;
    background: var(--ground); }
  .without-keys:not(:focus-within) kbd { visibility: hidden; }
  :host(:disabled) .categories { opacity: .55; }
  @media (forced-colors: active) {
    .categories label:has(:checked) { outline: 3px solid Highlight; outline-offset: -3px; }
    .categories label:has(:focus-visible) { outline: 3px solid CanvasText; outline-offset: 2px; }
  }
`);

/**
 * `crowd-classifier`: one category for what stands in `classification-target`. Answer `{"label": "…"}`.
 *
 * The shadow root is open, and these class names are part of the contract, since published templates append to them and set styles:
 * `annotation-area target`; `category-picker-wrapper` inside an `annotation-area`; and AWS's names for the instructions' pane,
 * `awsui-app-layout__navigation`, and window, `awsui-modal-dialog` (which is drawn by `full-instructions` itself, so that a width
 * set here changes nothing). `value` is the chosen category; `categories` may be assigned.
 */
export class CrowdClassifier extends CrowdControl {
  static observedAttributes = ["categories", "disabled", "header", "src"];
  static styles = styles;
  static isMultiple = false;
  /** All that stand on the page: the digits are for one of them at a time. */
  static #standing = new Set();
  #problem = make("p", { class: "problem", role: "alert" });
  #header = make("h2");
  #list = make("div", { class: "categories" });
  #layout = make("div", { class: "layout annotation-area" });
  #keyPressed = (event) => this.#pick(event);

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener("keydown", this.#keyPressed);
    CrowdClassifier.#standing.add(this);
    CrowdClassifier.#showKeys();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#keyPressed);
    CrowdClassifier.#standing.delete(this);
    CrowdClassifier.#showKeys();
  }

  /** Of several classifiers the one that has the focus shows its keys. */
  static #showKeys() {
    for (const one of this.#standing) one.#layout.classList.toggle("without-keys", this.#standing.size > 1);
  }

  render() {
    const legend = make("legend", {}, this.constructor.isMultiple ? "Choose all that apply" : "Choose a category");
    this.#layout.append(
      make(
        "div", { class: "instructions awsui-app-layout__navigation" },
        make("div", { class: "window awsui-modal-dialog" }, make("slot", { name: "instructions" }))),
      make("div", {}, this.#header, make("div", { class: "annotation-area target" }, ...this.target())),
      make(
        "div", { class: "side" },
        make("div", { class: "category-picker-wrapper" }, make("fieldset", {}, legend, this.#list), this.#problem)));
    this.shadowRoot.append(this.#layout);
    this.shadowRoot.addEventListener("change", (event) => this.#changed(event));
    this.update();
    this.adoptProperty("categories");
  }

  /** What is classified. */
  target() { return [make("slot")]; }

  update() {
    const instructions = [...this.children].filter((child) => child.matches("short-instructions, full-instructions"));
    for (const child of instructions) child.slot = "instructions";
    this.#layout.classList.toggle("without-instructions", instructions.length === 0);
    this.#header.textContent = this.getAttribute("header") ?? "";
    this.#header.hidden = !this.#header.textContent;
    const chosen = new Set(this.chosen);
    this.#list.replaceChildren(...this.categories.map((category, index) => this.#option(category, index, chosen.has(category))));
  }

  /** The categories as text; an object is its `label`. */
  get categories() {
    const listed = this.json("categories", []);
    return Array.isArray(listed) ? listed.map((category) => String(category?.label ?? category)) : [];
  }

  set categories(categories) { this.setAttribute("categories", JSON.stringify(categories)); }

  get chosen() { return [...this.#list.querySelectorAll("input:checked")].map((input) => input.value); }
  get answer() { return this.chosen.length ? { label: this.chosen[0] } : {}; }
  get value() { return this.chosen[0] ?? null; }
  restore(part) {
    const wanted = new Set([part?.label, ...(Array.isArray(part?.labels) ? part.labels : [])]);
    for (const input of this.inputs) input.checked = wanted.has(input.value);
  }

  /** Whether a worker may submit without a choice. */
  get isOptional() { return false; }

  reset() {
    for (const input of this.#list.querySelectorAll("input")) input.checked = false;
    this.#problem.textContent = "";
  }

  reportValidity() {
    const isMissing = !this.isOptional && this.chosen.length === 0;
    this.#problem.textContent = isMissing ? "Choose a category first." : "";
    if (isMissing) this.#list.querySelector("input")?.focus();
    return !isMissing;
  }

  /** Called when a box was checked or unchecked. */
  chose(_input) {}

  get inputs() { return [...this.#list.querySelectorAll("input")]; }

  #option(category, index, isChosen) {
    const type = this.constructor.isMultiple ? "checkbox" : "radio";
    const input = make("input", { type, name: "category", value: category, disabled: this.disabled });
    input.checked = isChosen;
    const key = index < 9 ? make("kbd", { "aria-hidden": "true" }, String(index + 1)) : null;
    return make("label", {}, input, make("span", {}, category), key);
  }

  #changed(event) {
    if (!this.#list.contains(event.target)) return;
    this.#problem.textContent = "";
    this.chose(event.target);
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** The digits choose, as on AWS, unless somebody types or the key has done something else. */
  #pick(event) {
    const isOther = event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey || isTyping(event);
    if (isOther || !/^[1-9]$/.test(event.key) || !this.#hasKeys(event)) return;
    this.inputs[Number(event.key) - 1]?.click();
  }

  /** Whether the digits are for this one: the only one of the page, or the one that has the focus; in no closed tab or window. */
  #hasKeys(event) {
    return this.checkVisibility() && (CrowdClassifier.#standing.size === 1 || event.composedPath().includes(this));
  }
}

/** `crowd-classifier-multi-select`: any number of categories, or the `exclusion-category` alone. Answer `{"labels": […]}`. */
export class CrowdClassifierMultiSelect extends CrowdClassifier {
  static isMultiple = true;

  get #exclusion() {
    const exclusion = this.json("exclusion-category", null);
    return exclusion === null ? null : String(exclusion.text ?? exclusion);
  }

  get categories() {
    const exclusion = this.#exclusion;
    return exclusion === null ? super.categories : [...super.categories.filter((category) => category !== exclusion), exclusion];
  }

  set categories(categories) { super.categories = categories; }

  get answer() { return { labels: this.chosen }; }
  get value() { return this.chosen; }
  /** Nothing chosen says "none" only where no category says it. */
  get isOptional() { return this.#exclusion === null && !this.required; }

  chose(input) {
    const exclusion = this.#exclusion;
    if (exclusion === null || !input.checked) return;
    const isExclusion = input.value === exclusion;
    for (const other of this.inputs) if (other !== input && (isExclusion || other.value === exclusion)) other.checked = false;
  }
}

function imageTarget(element) {
  const description = element.getAttribute("header") || "The image to classify";
  return [make("img", { src: element.getAttribute("src") ?? "", alt: description }), make("slot")];
}

/** `crowd-image-classifier`: the image `src` in the place of the target. `overlay` and `worker-comment` are not supported. */
export class CrowdImageClassifier extends CrowdClassifier {
  target() { return imageTarget(this); }
}

/** `crowd-image-classifier-multi-select`. */
export class CrowdImageClassifierMultiSelect extends CrowdClassifierMultiSelect {
  target() { return imageTarget(this); }
}
