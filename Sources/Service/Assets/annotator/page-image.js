import { make } from "../shared/dom.js";
import { toolButton } from "./tool-button.js";

const zoomSteps = [0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4, 5];
const mostBoxes = 1500;

/**
 * The scanned page: its words are lit as the text is read, and pressing a word finds it in the text.
 *
 * Sends `pick` (`detail` is `{start, end}`: a caret at a word, or the range of all words dragged over) and `hover` (`detail` is a
 * word or `null`).
 */
export class PageImage extends EventTarget {
  #words;
  #zoom = 1;
  #image;
  #sheet;
  #lit = make("div", { class: "pa-boxes" });
  #viewport;
  #level = make("span", { class: "pa-zoom" });
  #from = null;

  constructor(task) {
    super();
    this.#words = task.words;
    this.#image = make("img", {
      src: task.imageURL,
      alt: `Scan of ${task.imageName || "the page"}`,
      draggable: "false",
      load: () => this.fitRegion(),
      error: () => this.#failed()
    });
    const frames = make(
      "div", { class: "pa-boxes" }, ...task.words.regions.map((region) => box(region, "pa-frame")),
      ...task.words.uncertain.slice(0, mostBoxes).map((word) => box(word.box, "pa-doubt")));
    this.#sheet = make("div", { class: "pa-sheet" }, this.#image, frames, this.#lit);
    this.#viewport = make(
      "div", { class: "pa-viewport", tabindex: 0, role: "region", "aria-label": "Scanned page; arrow keys scroll it" },
      this.#sheet);
    this.element = make(
      "section", { class: "pa-page", "aria-label": "Scanned page" },
      make(
        "div", { class: "pa-bar" }, make("span", { class: "pa-file", title: task.imageName }, task.imageName || "Page"),
        this.#level, toolButton("−", "Smaller", () => this.#step(-1)), toolButton("+", "Larger", () => this.#step(1)),
        toolButton("Abstract", "Fit what was read", () => this.fitRegion()),
        toolButton("Page", "Fit the page's width", () => this.#setZoom(1))),
      this.#viewport);
    this.#listen();
  }

  focus() { this.#viewport.focus(); }

  /** Lights words, and brings the first into view when `follows`. */
  light(words, follows) {
    this.#lit.replaceChildren(...runs(words.slice(0, mostBoxes)).map((run) => box(run, "pa-lit")));
    if (follows && words.length) this.#reveal(words[0].box);
  }

  /** Zooms to what was read on the page. */
  fitRegion() {
    const { regions } = this.#words;
    if (!regions.length) return this.#setZoom(1);
    const left = Math.min(...regions.map((region) => region.left));
    const right = Math.max(...regions.map((region) => region.left + region.width));
    const top = Math.min(...regions.map((region) => region.top));
    this.#setZoom(Math.min(4, Math.max(1, 0.94 / (right - left))));
    this.#viewport.scrollTo((left - 0.02) * this.#sheet.clientWidth, (top - 0.02) * this.#sheet.clientHeight);
  }

  #listen() {
    this.#sheet.addEventListener("pointermove", (event) => this.#moved(event));
    this.#sheet.addEventListener("pointerleave", () => this.dispatchEvent(new CustomEvent("hover", { detail: null })));
    this.#sheet.addEventListener("pointerdown", (event) => { if (event.button === 0) this.#from = this.#wordAt(event); });
    this.#sheet.addEventListener("pointercancel", () => { this.#from = null; });
    this.#sheet.addEventListener("click", (event) => this.#picked(event));
  }

  #moved(event) {
    const word = this.#wordAt(event);
    const isDragging = this.#from && event.buttons === 1 && event.pointerType === "mouse";
    if (isDragging && word) this.light(this.#words.intersecting(...this.#range(this.#from, word)), false);
    else this.dispatchEvent(new CustomEvent("hover", { detail: word }));
  }

  #picked(event) {
    const word = this.#wordAt(event) ?? this.#from;
    if (!word) return;
    const [start, end] = this.#range(this.#from ?? word, word);
    const isOne = !this.#from || this.#from === word;
    this.#from = null;
    this.dispatchEvent(new CustomEvent("pick", { detail: isOne ? { start, end: start } : { start, end } }));
  }

  #range(a, b) { return [Math.min(a.start, b.start), Math.max(a.end, b.end)]; }

  #wordAt(event) {
    const bounds = this.#sheet.getBoundingClientRect();
    return this.#words.at((event.clientX - bounds.left) / bounds.width, (event.clientY - bounds.top) / bounds.height);
  }

  #step(direction) {
    const steps = direction > 0 ? zoomSteps : zoomSteps.toReversed();
    const next = steps.find((step) => direction * (step - this.#zoom) > 0.01);
    if (next) this.#setZoom(next);
  }

  /** Keeps the middle of the view where it is. */
  #setZoom(zoom) {
    const view = this.#viewport;
    const x = (view.scrollLeft + view.clientWidth / 2) / view.scrollWidth;
    const y = (view.scrollTop + view.clientHeight / 2) / view.scrollHeight;
    this.#zoom = zoom;
    this.#sheet.style.width = `${zoom * 100}%`;
    this.#level.textContent = `${Math.round(zoom * 100)} %`;
    view.scrollTo(x * view.scrollWidth - view.clientWidth / 2, y * view.scrollHeight - view.clientHeight / 2);
  }

  #reveal(place) {
    const view = this.#viewport;
    const [left, top] = [place.left * this.#sheet.clientWidth, place.top * this.#sheet.clientHeight];
    const [x, y] = [left - view.scrollLeft, top - view.scrollTop];
    const isInside = x >= 0 && x <= view.clientWidth - 40 && y >= 0 && y <= view.clientHeight - 30;
    if (!isInside) view.scrollTo(Math.max(0, left - view.clientWidth / 4), Math.max(0, top - view.clientHeight / 3));
  }

  #failed() {
    const sentence = "The image of this page could not be loaded. The text can be marked without it.";
    this.#viewport.replaceChildren(make("p", { class: "pa-empty", role: "alert" }, sentence));
  }
}

/** Boxes of words that follow each other on a line, joined. */
function runs(words) {
  const joined = [];
  for (const { box: place } of words) {
    const last = joined.at(-1);
    const isNext = last && place.left >= last.left && place.left - last.left - last.width < 0.025
      && Math.abs(place.top + place.height / 2 - last.top - last.height / 2) < place.height;
    if (!isNext) {
      joined.push({ ...place });
      continue;
    }
    const right = Math.max(last.left + last.width, place.left + place.width);
    const bottom = Math.max(last.top + last.height, place.top + place.height);
    last.top = Math.min(last.top, place.top);
    [last.width, last.height] = [right - last.left, bottom - last.top];
  }
  return joined;
}

function box(place, kind) {
  const node = make("div", { class: kind });
  for (const side of ["left", "top", "width", "height"]) node.style[side] = `${place[side] * 100}%`;
  return node;
}
