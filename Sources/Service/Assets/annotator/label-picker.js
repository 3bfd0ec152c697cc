import { make } from "../shared/dom.js";
import { hueClass } from "../marking/mark-painter.js";

/** A small window to find a label by typing a part of its name. */
export class LabelPicker {
  #labels;
  #choose;
  #found = [];
  #index = 0;
  #input = make("input", {
    type: "text",
    role: "combobox",
    "aria-label": "Label",
    "aria-expanded": "true",
    "aria-controls": "pa-picker-list",
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "Type a label"
  });
  #list = make("div", { id: "pa-picker-list", role: "listbox", "aria-label": "Labels" });

  /**
   * @param {function(string)} choose Called with the label.
   * @param {function()} closed Called when the window is gone, whatever came of it.
   */
  constructor(labels, choose, closed) {
    [this.#labels, this.#choose] = [labels, choose];
    this.element = make("dialog", { class: "pa-picker", "aria-label": "Choose a label", close: closed }, this.#input, this.#list);
    this.#input.addEventListener("input", () => this.#find());
    this.#input.addEventListener("keydown", (event) => this.#keyPressed(event));
    this.#list.addEventListener("click", (event) => {
      const row = event.target.closest("[data-index]");
      if (row) this.#take(Number(row.dataset.index));
    });
  }

  open() {
    this.#input.value = "";
    this.#find();
    this.element.showModal();
    this.#input.focus();
  }

  #find() {
    const typed = this.#input.value.trim().toLocaleLowerCase();
    const rank = ({ fullName, label, shortName }) => {
      const names = [fullName, label, shortName].map((name) => name.toLocaleLowerCase());
      return names.some((name) => name.startsWith(typed)) ? 0 : names.some((name) => name.includes(typed)) ? 1 : 2;
    };
    this.#found = [0, 1].flatMap((wanted) => this.#labels.filter((choice) => rank(choice) === wanted));
    this.#index = 0;
    this.#show();
  }

  #keyPressed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.#found.length) {
      this.#index = (this.#index + step + this.#found.length) % this.#found.length;
      this.#show();
    } else if (event.key === "Enter") this.#take(this.#index);
    else return;
    event.preventDefault();
  }

  #take(index) {
    const choice = this.#found[index];
    if (!choice) return;
    this.element.close();
    this.#choose(choice.label);
  }

  #show() {
    this.#list.replaceChildren(...this.#found.map(
      (choice, index) => make(
        "div", {
          role: "option",
          id: `pa-choice-${index}`,
          "data-index": index,
          "aria-selected": index === this.#index,
          class: `pa-choice ${hueClass(choice)}`
        },
        make("i", { class: "pa-swatch" }), make("span", {}, choice.fullName),
        choice.help ? make("small", {}, choice.help) : null)));
    if (!this.#found.length) this.#list.append(make("p", { class: "pa-empty" }, "No label has this in its name."));
    this.#input.setAttribute("aria-activedescendant", this.#found.length ? `pa-choice-${this.#index}` : "");
    this.#list.children[this.#index]?.scrollIntoView({ block: "nearest" });
  }
}
