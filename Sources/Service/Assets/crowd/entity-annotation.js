import { isTyping, make, sheet } from "../shared/dom.js";
import { Editor } from "../marking/editor.js";
import { labelChoice, pressedLabel, readLabels } from "../marking/labels.js";
import { hueClass } from "../marking/mark-painter.js";
import { spanProblem } from "../marking/offsets.js";
import { markingStyles } from "../marking/styles.js";
import { TextView } from "../marking/text-view.js";
import { CrowdControl } from "./element.js";

const hint = "Select text and choose a label, or choose a label first. "
  + "Keys: Shift and arrows select, the digits label, Delete removes, Ctrl+Z undoes.";

/**
 * `crowd-entity-annotation`: labels on ranges of `text`. Answer `{"entities":[{"endOffset","label","startOffset"}]}` in text order,
 * offsets in UTF-16 units.
 *
 * It is a form of its own, whose `crowd-form` stands in the open shadow root; children are extra questions, there or appended to
 * `shadowRoot.querySelector("crowd-form").form`. Inside another `crowd-form` it is a control of that one. The text stands in
 * the light tree, so that the document's selection reaches it; it is shown unit by unit as the attribute holds it.
 */
export class CrowdEntityAnnotation extends CrowdControl {
  static observedAttributes = ["text", "labels", "initial-value", "header"];
  static styles = sheet(`
    :host { display: block; color-scheme: light; }
    .layout { display: grid; grid-template-columns: minmax(0, 1fr) 220px; gap: 12px 24px; align-items: start; }
    .instructions { grid-column: 1 / -1; display: flex; gap: 12px; align-items: start; flex-wrap: wrap; }
    @media (max-width: 760px) { .layout { grid-template-columns: minmax(0, 1fr); } aside { order: -1; } }
    h2 { font-size: 17px; line-height: 1.35; margin: 0; grid-column: 1 / -1; }
    .target { border: 1px solid var(--line); border-radius: 8px; overflow: hidden; min-width: 0; }
    aside h3 { font-size: 13px; color: var(--soft); margin: 0 0 8px; }
    .labels { display: grid; gap: 6px; margin: 0 0 12px; }
    .labels button { font: inherit; display: flex; gap: 8px; align-items: center; text-align: left; min-height: 38px;
      padding: 6px 10px; border: 1px solid var(--line); border-radius: 7px; background: #fff; color: inherit; cursor: pointer;
        overflow-wrap: anywhere; }
    .labels button:hover { background: var(--ground); }
    .labels button[aria-pressed=true] { border-color: var(--pl-line); box-shadow: inset 0 0 0 1.5px var(--pl-line); }
    .labels span { flex: 1; min-width: 0; }
    .swatch { width: 14px; height: 14px; border-radius: 3px; background: var(--pl-tint); border-bottom: 3px solid var(--pl-line);
      flex: none; }
    kbd { font: 12px system-ui, sans-serif; color: var(--soft); border: 1px solid var(--line); border-radius: 4px; padding: 0 6px;
      background: var(--ground); }
    .row { display: flex; gap: 8px; flex-wrap: wrap; min-height: 36px; align-items: center; font-size: 14px; }
    .hint { font-size: 13px; color: var(--soft); margin: 8px 0 0; }
    @media (forced-colors: active) {
      .labels button[aria-pressed=true] { outline: 3px solid Highlight; outline-offset: -3px; }
      .labels button:focus-visible { outline: 3px solid CanvasText; outline-offset: 2px; }
      .swatch { forced-color-adjust: none; }
    }
    .said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  `);
  #editor;
  #view;
  #labels;
  #header = make("h2");
  #buttons = make("div", { class: "labels" });
  #current = make("span");
  #remove = make("button", { type: "button", class: "plain", click: () => this.#editor.remove() }, "Remove");
  #said = make("div", { class: "said", role: "status" });
  #textPlace = make("div", { slot: "text" });
  #isReady = false;

  render() {
    this.shadowRoot.adoptedStyleSheets = [...this.shadowRoot.adoptedStyleSheets, markingStyles];
    const instructions = [...this.children].filter((child) => child.matches("short-instructions, full-instructions"));
    for (const child of instructions) child.slot = "instructions";
    this.prepend(this.#textPlace);
    const layout = make("div", { class: "layout annotation-area" },
      make("div", { class: "instructions", hidden: !instructions.length }, make("slot", { name: "instructions" })),
      this.#header,
      make("div", {},
        make("div", { class: "annotation-area target" }, make("slot", { name: "text" })),
        make("div", { class: "row" }, this.#current, this.#remove),
        make("p", { class: "hint" }, hint)),
      make("aside", { class: "category-picker-wrapper" }, make("h3", {}, "Labels"), this.#buttons),
      make("div", {}, make("slot")));
    const isInForm = this.closest("crowd-form") !== null;
    this.shadowRoot.append(this.#said);
    if (isInForm) this.shadowRoot.append(layout);
    else this.shadowRoot.append(make("crowd-form", {}, layout));
    this.#isReady = true;
    this.update();
    this.adoptProperty("value");
  }

  attributeChangedCallback(name) {
    if (!this.#isReady) return;
    if (name === "header") this.#showHeader();
    else this.update();
  }

  /** Whether a form is the one in this element's shadow root, whose answer this element is a part of. */
  ownsForm(form) { return form.getRootNode() === this.shadowRoot; }

  /** Shows the text, labels and spans of the attributes, from the beginning. */
  update() {
    const text = this.getAttribute("text") ?? "";
    this.#labels = readLabels(this.json("labels", []));
    this.#view?.disconnect();
    this.#editor = new Editor(text, this.#labels);
    this.#view = new TextView(this.#editor, { label: this.getAttribute("header") || "Text to label" });
    this.#view.element.style.maxHeight = "65vh";
    this.#view.element.addEventListener("keydown", (event) => this.#keyPressed(event));
    this.#textPlace.replaceChildren(this.#view.element);
    this.#view.connect();
    this.#editor.addEventListener("change", () => this.#changed());
    this.#editor.addEventListener("say", (event) => { this.#said.textContent = event.detail; });
    this.#editor.store.addEventListener("change", () => this.dispatchEvent(new Event("change", { bubbles: true })));
    this.#showHeader();
    this.#buttons.replaceChildren(...this.#labels.map((choice) => this.#button(choice)));
    this.value = { entities: this.json("initial-value", []) };
  }

  get value() {
    const entities = this.#editor.store.spans.map(({ start, end, label }) => ({ endOffset: end, label, startOffset: start }));
    return { entities };
  }

  set value(value) {
    const text = this.#editor.text;
    const entities = (Array.isArray(value?.entities) ? value.entities : []).filter((entity) => {
      const problem = spanProblem(text, entity ?? {});
      if (problem) console.error(`crowd-entity-annotation: a span of initial-value is left out: ${problem}`);
      return !problem;
    });
    this.#editor.store.load(entities.map(({ startOffset, endOffset, label }) => ({ start: startOffset, end: endOffset, label })));
  }

  get answer() { return this.value; }
  restore(part) { if (Array.isArray(part?.entities)) this.value = part; }
  // A text that is shown anew would lose its marks.
  refresh() {}

  reset() { this.value = { entities: this.json("initial-value", []) }; }

  focus() { this.#view.focus(); }

  #showHeader() {
    this.#header.textContent = this.getAttribute("header") ?? "";
    this.#header.hidden = !this.#header.textContent;
  }

  #button(choice) {
    const press = () => {
      if (this.#editor.hasSelection || this.#editor.current) this.#editor.label(choice.label);
      else this.#editor.arm(choice.label);
    };
    const key = choice.key ? make("kbd", { "aria-hidden": "true" }, choice.key) : null;
    return make(
      "button", {
        type: "button",
        class: hueClass(choice),
        "aria-pressed": "false",
        "data-label": choice.label,
        title: choice.shortName === choice.fullName ? null : choice.shortName,
        mousedown: (event) => event.preventDefault(),
        click: press,
      },
      make("i", { class: "swatch" }), make("span", {}, choice.fullName), key);
  }

  #changed() {
    const span = this.#editor.current;
    for (const button of this.#buttons.children)
      button.setAttribute("aria-pressed", String(button.dataset.label === (span?.label ?? this.#editor.armedLabel)));
    this.#remove.hidden = !span;
    this.#current.textContent =
      span ? `${labelChoice(this.#labels, span.label).fullName}, characters ${span.start} to ${span.end}` : "";
  }

  #keyPressed(event) {
    if (event.defaultPrevented || isTyping(event)) return;
    const choice = pressedLabel(this.#labels, event);
    const isCommand = event.ctrlKey || event.metaKey;
    if (isCommand && event.key.toLowerCase() === "z") event.shiftKey ? this.#editor.redo() : this.#editor.undo();
    else if (isCommand && event.key.toLowerCase() === "y") this.#editor.redo();
    else if (isCommand || event.altKey) return;
    else if (choice) this.#editor.label(choice.label);
    else if (event.key === "Delete" || event.key === "Backspace") this.#editor.remove();
    else return;
    event.preventDefault();
  }
}
