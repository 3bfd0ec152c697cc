import { make } from "../shared/dom.js";
import { hueClass } from "../marking/mark-painter.js";

/** The labels as buttons: they label the selection or the current mark; else a label is held for what is selected next. */
export class LabelBar {
  #editor;
  #buttons;

  constructor(editor) {
    this.#editor = editor;
    this.#buttons = editor.labels.map((choice) => this.#button(choice));
    this.element = make("div", { class: "pa-labels", role: "toolbar", "aria-label": "Labels" }, ...this.#buttons);
    // A press must not take the selection away from the text.
    this.element.addEventListener("mousedown", (event) => event.preventDefault());
    this.element.addEventListener("keydown", (event) => this.#move(event));
    editor.addEventListener("change", () => this.#show());
    this.#show();
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
        class: `pa-label ${hueClass(choice)}`,
        "aria-pressed": "false",
        "aria-keyshortcuts": choice.key || null,
        title: choice.help || null,
        click: press,
      },
      make("i", { class: "pa-swatch", "aria-hidden": "true" }), choice.fullName, key);
  }

  #show() {
    const { current, armedLabel, labels } = this.#editor;
    const chosen = current?.label ?? armedLabel;
    labels.forEach((choice, index) => {
      this.#buttons[index].setAttribute("aria-pressed", String(choice.label === chosen));
      this.#buttons[index].classList.toggle("pa-held", choice.label === armedLabel);
    });
  }

  #move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const all = [...this.element.children];
    const index = all.indexOf(document.activeElement);
    if (step && index >= 0) all[(index + step + all.length) % all.length].focus();
  }
}
