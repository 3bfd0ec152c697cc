import { make, oncePerFrame } from "../shared/dom.js";
import { labelChoice } from "../marking/labels.js";
import { hueClass } from "../marking/mark-painter.js";

const rowHeight = 46;
const excerpt = 90;

/** All marks in text order; arrow keys move, Enter goes to the text. Only rows in view are made: a long list costs no more. */
export class MarkList {
  #editor;
  #goToText;
  #rows = make("div", { class: "pa-rows" });
  #count = make("span", { class: "pa-count" });
  #list =
    make("div", { class: "pa-list", role: "listbox", tabindex: 0, "aria-label": "Marks in the text", id: "pa-marks" }, this.#rows);
  /** Whether the current mark comes into view with the next frame: after a change, not after scrolling. */
  #isFollowing = false;
  #show = oncePerFrame(() => this.#render());

  /** @param {function(Span)} goToText Called when a mark is chosen. */
  constructor(editor, goToText) {
    [this.#editor, this.#goToText] = [editor, goToText];
    this.element = make("section", { class: "pa-marks", "aria-label": "Marks" }, make("h2", {}, "Marks ", this.#count), this.#list);
    this.#list.addEventListener("scroll", this.#show, { passive: true });
    this.#list.addEventListener("keydown", (event) => this.#keyPressed(event));
    this.#list.addEventListener("click", (event) => {
      const row = event.target.closest("[data-index]");
      if (row) this.#choose(Number(row.dataset.index), true);
    });
    editor.addEventListener("change", () => {
      this.#isFollowing = true;
      this.#show();
    });
    new ResizeObserver(this.#show).observe(this.#list);
  }

  focus() { this.#list.focus(); }

  get #index() {
    const current = this.#editor.current;
    return current ? this.#editor.store.spans.indexOf(current) : -1;
  }

  #choose(index, goes) {
    const span = this.#editor.store.spans[index];
    if (!span) return;
    this.#editor.makeCurrent(span);
    if (goes) this.#goToText(span);
  }

  #keyPressed(event) {
    const index = this.#index;
    const last = this.#editor.store.spans.length - 1;
    const target = {
      ArrowDown: Math.min(index + 1, last),
      ArrowUp: Math.max(index - 1, 0),
      Home: 0,
      End: last,
      PageDown: Math.min(index + 8, last),
      PageUp: Math.max(index - 8, 0)
    }[event.key];
    if (target !== undefined) this.#choose(target, false);
    else if (event.key === "Enter") this.#choose(index, true);
    else if (event.key === "Delete" || event.key === "Backspace") {
      this.#editor.remove();
      this.#choose(Math.min(index, this.#editor.store.spans.length - 1), false);
    } else return;
    event.preventDefault();
  }

  #reveal() {
    const index = this.#index;
    if (index < 0) return;
    const [top, list] = [index * rowHeight, this.#list];
    if (top < list.scrollTop) list.scrollTop = top;
    else if (top + rowHeight > list.scrollTop + list.clientHeight) list.scrollTop = top + rowHeight - list.clientHeight;
  }

  #render() {
    const { spans } = this.#editor.store;
    this.#count.textContent = String(spans.length);
    this.#rows.style.height = `${spans.length * rowHeight}px`;
    if (this.#isFollowing) this.#reveal();
    this.#isFollowing = false;
    const first = Math.max(0, Math.floor(this.#list.scrollTop / rowHeight) - 3);
    const last = Math.min(spans.length, Math.ceil((this.#list.scrollTop + this.#list.clientHeight) / rowHeight) + 3);
    this.#rows.replaceChildren(...spans.slice(first, last).map((span, offset) => this.#row(span, first + offset, spans.length)));
    const index = this.#index;
    if (index >= first && index < last) this.#list.setAttribute("aria-activedescendant", `pa-mark-${index}`);
    else this.#list.removeAttribute("aria-activedescendant");
    this.element.classList.toggle("pa-none", spans.length === 0);
  }

  #row(span, index, count) {
    const choice = labelChoice(this.#editor.labels, span.label);
    const words = this.#editor.surface(span);
    const row = make(
      "div", {
        class: `pa-row ${hueClass(choice)}${span.isPending ? " pa-pending" : ""}`,
        role: "option",
        id: `pa-mark-${index}`,
        "data-index": index,
        "aria-selected": span.id === this.#editor.currentID,
        "aria-posinset": index + 1,
        "aria-setsize": count,
      },
      make("span", { class: "pa-row-label" }, `${span.isPending ? "Suggested: " : ""}${choice.fullName}`),
      make("span", { class: "pa-row-text" }, words.length > excerpt ? `${words.slice(0, excerpt)} …` : words));
    row.style.top = `${index * rowHeight}px`;
    return row;
  }
}
