import { adopt, make, oncePerFrame } from "../shared/dom.js";
import { MarkPainter } from "./mark-painter.js";
import { markingStyles } from "./styles.js";
import { TextChunks } from "./text-chunks.js";
import { TextMovement } from "./text-movement.js";

/**
 * The text with its marks: shown unit by unit as it is, selected by pointer or keyboard. The caret is drawn by this view, since the
 * text cannot be edited.
 *
 * Sends `hover` (`detail` is the offset under the pointer, or `null`), `press` after a click or a finished selection, and
 * `keydown` of the element as usual; keys that move the caret are handled here. `element` stands in the light tree, where the
 * document's selection reaches it.
 */
export class TextView extends EventTarget {
  #editor;
  #chunks;
  #painter;
  #movement;
  #visible = new Set();
  #caret = make("div", { class: "pl-caret", "aria-hidden": "true" });
  #text = make("div", { class: "pl-text" });
  #observer;
  #watch = new AbortController();
  #pressOffset = null;
  #unsettled = null;
  #drag = null;
  #paintSoon = oncePerFrame(() => this.#paint());

  /**
   * @param {Editor} editor
   * @param {{label: string, extras?: function(number, number): Array}} options `label` names the text for people who hear the page.
   */
  constructor(editor, { label, extras = () => [] }) {
    super();
    this.#editor = editor;
    this.#chunks = new TextChunks(editor.text);
    this.#painter = new MarkPainter(this.#chunks, editor, extras);
    this.#text.append(...this.#chunks.elements);
    this.element = make(
      "div", {
        class: "pl-scroller",
        tabindex: 0,
        role: "textbox",
        "aria-readonly": "true",
        "aria-multiline": "true",
        "aria-label": label
      },
      this.#text);
    this.#movement = new TextMovement(editor, this);
    editor.addEventListener("change", () => this.#follow());
    this.#listen();
  }

  /** Starts observing, once the element is in the document. */
  connect() {
    adopt(this.element.getRootNode(), markingStyles);
    this.#observer = new IntersectionObserver((entries) => this.#seen(entries), { root: this.element, rootMargin: "300px 0px" });
    for (const { element } of this.#chunks.all) this.#observer.observe(element);
    new ResizeObserver(() => this.repaint()).observe(this.#text);
    const { signal } = this.#watch;
    document.addEventListener("selectionchange", () => this.#selectionChanged(), { signal });
    for (const name of ["keydown", "pointerdown"]) window.addEventListener(name, () => this.#settle(), { signal, capture: true });
    window.addEventListener("pointerup", (event) => this.#released(event), { signal });
    window.addEventListener("pointercancel", () => { this.#pressOffset = this.#drag = null; }, { signal });
    document.fonts?.ready.then(() => this.repaint());
  }

  /** Stops listening to the document; the view is not used after that. */
  disconnect() {
    this.#watch.abort();
    this.#observer?.disconnect();
  }

  focus() { this.element.focus({ preventScroll: true }); }

  /** Paints the marks in view again before the next frame. */
  repaint() { this.#paintSoon(); }

  /** The rectangle of the caret at an offset, in the window's pixels; `width` is 0. */
  caretRect(offset) {
    const chunk = this.#chunks.at(offset);
    if (offset < chunk.end) {
      const rect = this.#chunks.range(chunk, offset, offset + 1).getClientRects()[0];
      if (rect) return new DOMRect(rect.left, rect.top, 0, rect.height);
    }
    if (offset > chunk.start) {
      const rect = [...this.#chunks.range(chunk, offset - 1, offset).getClientRects()].at(-1);
      if (rect) return new DOMRect(rect.right, rect.top, 0, rect.height);
    }
    const line = chunk.element.getBoundingClientRect();
    return new DOMRect(line.left, line.top, 0, Math.min(line.height, 24));
  }

  /** The offset nearest to a point of the window, or `null` outside the text. */
  offsetAt(x, y) {
    if (document.caretPositionFromPoint) {
      const position = document.caretPositionFromPoint(x, y);
      return position && this.#chunks.offset(position.offsetNode, position.offset);
    }
    const range = document.caretRangeFromPoint?.(x, y);
    return range ? this.#chunks.offset(range.startContainer, range.startOffset) : null;
  }

  /** Brings an offset into view, in the upper third when it was far. What comes into view is laid out then; so it looks again. */
  reveal(offset, looksAgain = 3) {
    const [rect, view] = [this.caretRect(offset), this.element.getBoundingClientRect()];
    const margin = Math.min(56, view.height / 4);
    const before = this.element.scrollTop;
    const isNear = rect.top > view.top - view.height / 2 && rect.bottom < view.bottom + view.height / 2;
    if (!isNear) this.element.scrollTop += rect.top - view.top - view.height / 3;
    else if (rect.top < view.top + margin) this.element.scrollTop += rect.top - view.top - margin;
    else if (rect.bottom > view.bottom - margin) this.element.scrollTop += rect.bottom - view.bottom + margin;
    this.#revealInWindow(offset);
    if (this.element.scrollTop !== before && looksAgain > 0)
      requestAnimationFrame(() => requestAnimationFrame(() => this.reveal(offset, looksAgain - 1)));
  }

  /** Where the page around the text scrolls, as on low windows. */
  #revealInWindow(offset) {
    const { top, bottom } = this.caretRect(offset);
    const margin = Math.min(56, innerHeight / 8);
    if (top < 0) scrollBy(0, top - margin);
    else if (bottom > innerHeight) scrollBy(0, bottom - innerHeight + margin);
  }

  #listen() {
    const element = this.element;
    element.addEventListener("keydown", (event) => this.#movement.keyPressed(event));
    element.addEventListener("copy", (event) => this.#copy(event));
    element.addEventListener("dragstart", (event) => event.preventDefault());
    element.addEventListener("focus", () => this.#drawCaret());
    element.addEventListener("blur", () => this.#drawCaret());
    element.addEventListener("pointerdown", (event) => this.#pressed(event));
    element.addEventListener("pointermove", (event) => this.#moved(event));
    element.addEventListener("pointerleave", () => this.#hover(null));
  }

  // The pointer. The browser selects; a finished selection is taken over, and a handle of the current span drags its edge.

  #pressed(event) {
    if (event.button !== 0) return;
    const edge = event.target.dataset?.edge;
    const offset = this.offsetAt(event.clientX, event.clientY);
    if (edge && this.#editor.current) {
      event.preventDefault();
      this.element.focus({ preventScroll: true });
      this.#drag = { edge, series: `drag-${event.timeStamp}` };
      return;
    }
    if (this.#editor.movingEdge && offset !== null) {
      event.preventDefault();
      this.#editor.setEdge(this.#editor.current, this.#editor.movingEdge, offset);
      return;
    }
    this.#pressOffset = offset;
  }

  #moved(event) {
    const offset = this.offsetAt(event.clientX, event.clientY);
    if (this.#drag && offset !== null && this.#editor.current)
      this.#editor.setEdge(this.#editor.current, this.#drag.edge, offset, this.#drag.series);
    else this.#hover(this.#isOverText(event, offset) ? offset : null);
  }

  #released(event) {
    const wasPressed = this.#pressOffset;
    const wasDragging = this.#drag !== null;
    this.#pressOffset = this.#drag = null;
    if (wasDragging) {
      this.#editor.restEdge();
      this.#showSelection();
    } else if (wasPressed !== null) {
      // The browser settles a click on a selection only after this event.
      this.#unsettled = [wasPressed, event];
      setTimeout(() => this.#settle());
    }
  }

  /** Does what the last press of the pointer was for, once: soon after it, and before anything else is pressed. */
  #settle() {
    if (!this.#unsettled) return;
    const [pressOffset, event] = this.#unsettled;
    this.#unsettled = null;
    const former = this.#editor.focus;
    this.#takeSelection();
    // A finger places no caret of the browser's in a text that cannot be edited.
    if (event.pointerType !== "mouse" && document.getSelection().type !== "Range") this.#editor.select(pressOffset);
    if (this.#editor.hasSelection) {
      this.#editor.snapSelection();
      this.#editor.markHeld();
    } else if (event.detail <= 1 && this.#editor.focus === former && former === pressOffset) {
      this.#editor.cycleAt(former);
    }
    this.dispatchEvent(new Event("press"));
  }

  #hover(offset) { this.dispatchEvent(new CustomEvent("hover", { detail: offset })); }

  /** Whether the pointer is on a character and not in the space beside a line. */
  #isOverText(event, offset) {
    if (offset === null) return false;
    const chunk = this.#chunks.at(offset);
    const rects = [...this.#chunks.range(chunk, Math.max(chunk.start, offset - 1), offset + 1).getClientRects()];
    return rects.some(
      (rect) => event.clientX >= rect.left - 2 && event.clientX <= rect.right + 2 &&
        Math.abs(event.clientY - (rect.top + rect.bottom) / 2) < rect.height);
  }

  // The document's selection and the editor's.

  #selectionChanged() {
    if (this.#pressOffset === null && !this.#isTouchSelection()) return;
    this.#takeSelection();
  }

  /** A selection drawn out with the handles of a touch screen comes without pointer events. */
  #isTouchSelection() {
    return matchMedia("(pointer: coarse)").matches && document.getSelection().type === "Range";
  }

  #takeSelection() {
    const selection = document.getSelection();
    if (!selection.anchorNode || !this.element.contains(selection.anchorNode)) return;
    const [anchor, focus] = this.#selectedOffsets(selection);
    if (anchor !== null && focus !== null) this.#editor.select(anchor, focus);
  }

  #selectedOffsets({ anchorNode, anchorOffset, focusNode, focusOffset }) {
    return [this.#chunks.offset(anchorNode, anchorOffset), this.#chunks.offset(focusNode, focusOffset)];
  }

  #showSelection() {
    const { anchor, focus } = this.#editor;
    const selection = document.getSelection();
    const isHere = selection.anchorNode && this.element.contains(selection.anchorNode);
    if (!isHere && !this.#hasFocus) return;
    const shown = isHere ? this.#selectedOffsets(selection) : [];
    if (shown[0] === anchor && shown[1] === focus) return;
    selection.setBaseAndExtent(...this.#chunks.position(anchor), ...this.#chunks.position(focus));
  }

  #copy(event) {
    if (!this.#editor.hasSelection) return;
    event.clipboardData.setData("text/plain", this.#editor.text.slice(this.#editor.selectionStart, this.#editor.selectionEnd));
    event.preventDefault();
  }

  // Painting.

  get #hasFocus() { return this.element.getRootNode().activeElement === this.element; }

  #follow() {
    if (this.#pressOffset === null) this.#showSelection();
    this.#paintSoon();
  }

  #seen(entries) {
    for (const entry of entries) {
      const chunk = this.#chunks.of(entry.target);
      if (entry.isIntersecting) this.#visible.add(chunk);
      else if (this.#visible.delete(chunk)) this.#painter.clear(chunk);
    }
    this.#paintSoon();
  }

  #paint() {
    this.#painter.paint([...this.#visible]);
    this.#drawCaret();
  }

  #drawCaret() {
    const { focus, hasSelection } = this.#editor;
    if (hasSelection || !this.#hasFocus) return this.#caret.remove();
    const chunk = this.#chunks.at(focus);
    const [rect, origin] = [this.caretRect(focus), chunk.element.getBoundingClientRect()];
    this.#caret.style.left = `${rect.left - origin.left}px`;
    this.#caret.style.top = `${rect.top - origin.top - 2}px`;
    this.#caret.style.height = `${rect.height + 4}px`;
    chunk.element.append(this.#caret);
  }
}
