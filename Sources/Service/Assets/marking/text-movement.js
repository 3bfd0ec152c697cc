import { nextCharacter, nextTokenEnd, previousCharacter, previousTokenStart } from "./tokens.js";

/** No row on the screen holds more units. */
const rowReach = 2000;

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
      return this.#done(event, () => {
        this.#editor.select(0, this.#editor.text.length);
        this.#editor.saySelection();
      });
    const offset = this.#destination(event);
    if (offset === null) return;
    this.#done(event, () => {
      this.#editor.select(event.shiftKey ? this.#editor.anchor : offset, offset);
      this.#view.reveal(offset);
      if (event.shiftKey) this.#editor.saySelection();
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
    case "Home": return ctrlKey || metaKey ? 0 : this.#rowStart();
    case "End": return ctrlKey || metaKey ? text.length : this.#rowEnd();
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

  // A row holds one piece of the text, whichever way that is written; further on in the text is never further up.

  #rowStart() {
    const { text, focus } = this.#editor;
    const lineStart = focus === 0 ? 0 : text.lastIndexOf("\n", focus - 1) + 1;
    const top = this.#middle(focus) - this.#rowHeight / 2;
    return firstPlace(Math.max(lineStart, focus - rowReach), focus, (place) => this.#middle(place) > top);
  }

  #rowEnd() {
    const { text, focus } = this.#editor;
    const lineEnd = text.indexOf("\n", focus);
    const limit = Math.min(lineEnd < 0 ? text.length : lineEnd, focus + rowReach);
    const bottom = this.#middle(focus) + this.#rowHeight / 2;
    const beyond = firstPlace(focus, limit + 1, (place) => this.#middle(place) > bottom);
    // The caret beyond a row's last character stands on the next row; before a blank there it stays on this one.
    return beyond > limit ? limit : /\s/.test(text[beyond - 1]) ? beyond - 1 : beyond;
  }

  #middle(offset) {
    const { top, bottom } = this.#view.caretRect(offset);
    return (top + bottom) / 2;
  }

  #clamp(x) {
    const box = this.#view.element.firstElementChild.getBoundingClientRect();
    return Math.min(box.right - 2, Math.max(box.left + 2, x));
  }
}

/** The first place from `low` to before `high` where a test holds, as it does at all later ones; `high` when it holds nowhere. */
function firstPlace(low, high, holds) {
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
