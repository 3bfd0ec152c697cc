import { make } from "../shared/dom.js";

/** The questions beside the marks, the notes and the button that ends the task. */
export class SidePanel {
  #store;
  #radios = [];
  #problem = make("p", { class: "pa-problem", role: "alert" });

  constructor(task, store, { submit }) {
    this.#store = store;
    this.notes = make("textarea", { id: "pa-notes", rows: 3, input: () => store.setNotes(this.notes.value) });
    this.button = make("button", { type: "button", class: "pa-primary", title: "Submit (Ctrl+Enter)", click: submit }, "Submit");
    this.element = make("div", { class: "pa-end" }, ...(task.question ? [this.#question(task)] : []),
      make("label", { for: "pa-notes" }, "Notes"), this.notes, this.#problem, this.button);
    store.addEventListener("change", () => this.#show());
    this.#show();
  }

  focus() { this.notes.focus(); }

  say(sentence) { this.#problem.textContent = sentence; }

  #question(task) {
    this.#radios = [["yes", "Yes"], ["no", "No"]].map(([value, name]) => {
      const answer = () => this.#store.setField("question", value);
      const radio = make("input", { type: "radio", name: "pa-question", value, change: answer });
      return [radio, make("label", {}, radio, name)];
    });
    const legend = make("legend", {}, task.question.text ?? "Is this a good abstract?");
    return make("fieldset", {}, legend, ...this.#radios.map(([, label]) => label));
  }

  #show() {
    for (const [radio] of this.#radios) radio.checked = radio.value === this.#store.field("question");
    const notes = this.#store.field("notes") ?? "";
    if (this.notes.value !== notes) this.notes.value = notes;
  }
}
