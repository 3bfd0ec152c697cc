import { nextCharacter, nextTokenEnd, previousCharacter, previousTokenStart } from "./tokens.js";

/**
 * Moves the caret of a text view by keys, as editors do: arrows, with Control or Option by words, Home, End, Page Up and Down, with
 * Shift selecting. Rows are the rows on the screen.
 */
export class TextMovement {
  #editor;
  #view;
  /** The column that vertical moves keep to, in the window's pixels. */
  #goal = null;

  constructor(editor, view) { [this.#editor, this.#view] = [editor, view]; }

  keyPressed(event) {
    if (event.defaultPrevented || event.isComposing) return;
    if (this.#editor.movingEdge) return this.#edgeKey(event);
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a")
      return this.#done(event, () => this.#editor.select(0, this.#editor.text.length));
    const offset = this.#destination(event);
    if (offset === null) return;
    this.#done(event, () => {
      this.#editor.select(event.shiftKey ? this.#editor.anchor : offset, offset);
      this.#view.reveal(offset);
    });
  }

  #edgeKey(event) {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (direction) this.#done(event, () => this.#editor.nudgeEdge(direction));
    else if (event.key === "Enter" || event.key === "Escape")
      this.#done(event, () => this.#editor.moveEdge(this.#editor.movingEdge));
  }

  #done(event, action) {
    event.preventDefault();
    action();
  }

  #destination({ key, ctrlKey, metaKey, altKey, shiftKey }) {
    const { text, focus, hasSelection, selectionStart, selectionEnd } = this.#editor;
    const byWord = ctrlKey || altKey;
    const collapses = hasSelection && !shiftKey && !byWord;
    const isVertical = key === "ArrowUp" || key === "ArrowDown" || key === "PageUp" || key === "PageDown";
    if (!isVertical) this.#goal = null;
    switch (key) {
    case "ArrowLeft":
      if (collapses) return selectionStart;
      return byWord ? previousTokenStart(text, focus) : previousCharacter(text, focus);
    case "ArrowRight":
      if (collapses) return selectionEnd;
      return byWord ? nextTokenEnd(text, focus) : nextCharacter(text, focus);
    case "ArrowUp": return metaKey ? 0 : altKey ? null : this.#vertical(-1);
    case "ArrowDown": return metaKey ? text.length : altKey ? null : this.#vertical(1);
    case "PageUp": return this.#vertical(-this.#rows);
    case "PageDown": return this.#vertical(this.#rows);
    case "Home": return ctrlKey || metaKey ? 0 : this.#rowEdge("left");
    case "End": return ctrlKey || metaKey ? text.length : this.#rowEdge("right");
    default: return null;
    }
  }

  get #rowHeight() { return parseFloat(getComputedStyle(this.#view.element).lineHeight); }
  get #rows() { return Math.max(1, Math.floor(this.#view.element.clientHeight / this.#rowHeight) - 2); }

  #vertical(rows) {
    const { focus, text } = this.#editor;
    this.#view.reveal(focus);
    const start = this.#view.caretRect(focus);
    this.#goal ??= start.left;
    const element = this.#view.element;
    const view = element.getBoundingClientRect();
    let y = (start.top + start.bottom) / 2 + rows * this.#rowHeight;
    // Only what is in view can be pointed at.
    const overshoot = Math.max(0, y + this.#rowHeight - view.bottom) || Math.min(0, y - this.#rowHeight - view.top);
    if (overshoot) {
      const before = element.scrollTop;
      element.scrollTop += overshoot;
      y -= element.scrollTop - before;
    }
    const first = this.#view.caretRect(0);
    if (y < first.top - 2) return 0;
    const found = this.#view.offsetAt(this.#clamp(this.#goal), Math.min(view.bottom - 4, Math.max(view.top + 4, y)));
    if (found === null || (rows > 0 && found < focus)) return rows > 0 ? text.length : 0;
    return found;
  }

  #rowEdge(side) {
    const rect = this.#view.caretRect(this.#editor.focus);
    const box = this.#view.element.firstElementChild.getBoundingClientRect();
    const found = this.#view.offsetAt(side === "left" ? box.left + 2 : box.right - 2, (rect.top + rect.bottom) / 2);
    return found ?? this.#editor.focus;
  }

  #clamp(x) {
    const box = this.#view.element.firstElementChild.getBoundingClientRect();
    return Math.min(box.right - 2, Math.max(box.left + 2, x));
  }
}
