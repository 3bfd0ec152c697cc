import { make } from "../shared/dom.js";
import { labelChoice } from "../marking/labels.js";
import { toolButton } from "./tool-button.js";

/** What the caret is on, and what can be done to it: lines below the text that keep their height, so that the text never moves. */
export class SpanBar {
  #editor;
  #task;
  #what = make("div", { class: "pa-what" });
  #tools = make("div", { class: "pa-tools", role: "toolbar", "aria-label": "Current mark" });
  #buttons;
  #snap;

  constructor(editor, task, annotator) {
    [this.#editor, this.#task] = [editor, task];
    const tool = (name, key, action) => toolButton(name, `${name} (${key})`, () => { action(); annotator.focusText(); });
    this.#buttons = {
      accept: tool("Accept", "a", () => editor.accept(editor.current)),
      start: tool("Move start", "b", () => editor.moveEdge("start")),
      end: tool("Move end", "e", () => editor.moveEdge("end")),
      label: tool("Label", "Enter", () => annotator.pickLabel()),
      all: tool("Mark all", "every occurrence of these words: o", () => editor.tagOccurrences()),
      remove: tool("Remove", "Delete", () => editor.remove()),
    };
    const { accept, ...always } = this.#buttons;
    this.#tools.append(...(task.suggestions.length ? [accept] : []), ...Object.values(always));
    this.#snap = tool("Whole words", "s", () => editor.setSnapping(!editor.isSnapping));
    this.element = make("div", { class: "pa-span" }, this.#what, this.#snap, this.#tools);
    this.element.addEventListener("mousedown", (event) => event.preventDefault());
    editor.addEventListener("change", () => this.#show());
    this.#show();
  }

  #show() {
    const editor = this.#editor;
    const span = editor.current;
    for (const button of Object.values(this.#buttons)) button.disabled = !span;
    for (const edge of ["start", "end"])
      this.#buttons[edge].setAttribute("aria-pressed", String(Boolean(span) && editor.movingEdge === edge));
    this.#snap.setAttribute("aria-pressed", String(editor.isSnapping));
    if (!span) return this.#what.replaceChildren(this.#hint());
    const suggestion = this.#task.suggestions.find(({ index }) => index === span.suggestion);
    const isRated = typeof suggestion?.confidence === "number";
    const confidence = isRated ? `, ${Math.round(suggestion.confidence * 100)} % sure` : "";
    const state = span.isPending ? `Suggested${confidence}` : suggestion ? "From a suggestion" : "Marked";
    this.#what.replaceChildren(
      make("strong", {}, labelChoice(editor.labels, span.label).fullName), ` ${state} · ${span.start}–${span.end}`,
      this.#doubt(editor.focus),
      editor.movingEdge ? make("em", {}, ` · arrow keys, or a press on the text, move its ${editor.movingEdge}; Enter ends`) : "");
    this.#buttons.accept.disabled = !span.isPending;
    this.#buttons.remove.textContent = span.isPending ? "Reject" : "Remove";
  }

  #hint() {
    const { hasSelection, selectionStart, selectionEnd, armedLabel, labels, focus } = this.#editor;
    if (armedLabel) return `What you select next becomes ${labelChoice(labels, armedLabel).fullName}. Escape ends this.`;
    if (hasSelection) return `${selectionEnd - selectionStart} units selected. Press a label's key, or Enter and type its name.`;
    return this.#doubt(focus).slice(3) || "Select words to mark them. Press ? for the keys.";
  }

  /** How sure the reading of the scan was at an offset, where it was not. */
  #doubt(offset) {
    const doubtful = this.#task.words.intersecting(offset, offset).find((word) => this.#task.words.isUncertain(word));
    return doubtful ? ` · The scan was read with ${Math.round(doubtful.confidence)} % certainty here.` : "";
  }
}
