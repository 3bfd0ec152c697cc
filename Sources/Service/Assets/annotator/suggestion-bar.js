import { make } from "../shared/dom.js";
import { toolButton } from "./tool-button.js";

/** How many suggestions are undecided, and what can be done about all of them. Gone when none came. */
export class SuggestionBar {
  #editor;
  #count = make("span");

  constructor(editor, annotator) {
    this.#editor = editor;
    const isPending = (span) => span.isPending;
    const tool = (name, title, action) => toolButton(name, title, () => { action(); annotator.focusText(); });
    this.element = make(
      "div", { class: "pa-suggestions", role: "toolbar", "aria-label": "Suggestions" }, this.#count,
      tool("Previous", "Previous suggestion (p)", () => editor.step(-1, isPending)),
      tool("Next", "Next suggestion (n)", () => editor.step(1, isPending)),
      tool("Accept all", "Accept all suggestions (Shift+A)", () => editor.decideAll(true)),
      tool("Reject all", "Reject all suggestions (Shift+X)", () => editor.decideAll(false)));
    editor.store.addEventListener("change", () => this.#show());
    this.#show();
  }

  #show() {
    const count = this.#editor.store.spans.filter((span) => span.isPending).length;
    this.element.hidden = count === 0;
    this.#count.textContent = count === 1 ? "1 suggestion" : `${count} suggestions`;
  }
}
