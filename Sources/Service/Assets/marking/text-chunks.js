import { make } from "../shared/dom.js";
import { graphemeAt } from "./tokens.js";

/**
 * A chunk ends at the first line end after so many units, so that only chunks in view are laid out. A line that runs on for as many
 * again is broken at a space, which looks like any other turn of a line: a browser takes half a minute for a megabyte in one line.
 */
const chunkLength = 4000;
const rowLength = 70;

/**
 * A text in the document: blocks of whole lines, each with one text node that holds its part of the text unit by unit, between what
 * is painted behind it and before it.
 *
 * @typedef {{start: number, end: number, element: HTMLElement, node: Text, layer: HTMLElement, front: HTMLElement}} Chunk
 */
export class TextChunks {
  /** @type {Chunk[]} */
  all = [];
  #byNode = new Map();

  constructor(text) {
    let start = 0;
    while (start < text.length) {
      const end = chunkEnd(text, start);
      this.#add(start, text.slice(start, end));
      start = end;
    }
    // A final line end opens a line that a block would not show.
    if (text === "" || text.endsWith("\n")) this.#add(text.length, "");
  }

  get elements() { return this.all.map((chunk) => chunk.element); }

  /** The chunk of an offset; an offset between two belongs to the second. */
  at(offset) {
    let [low, high] = [0, this.all.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.all[middle].start <= offset) low = middle;
      else high = middle - 1;
    }
    return this.all[low];
  }

  of(element) { return this.all.find((chunk) => chunk.element === element); }

  /** Where an offset lies in the document. */
  position(offset) {
    const chunk = this.at(offset);
    return [chunk.node, Math.min(offset, chunk.end) - chunk.start];
  }

  /** The offset of a place in the document, or `null` when it lies outside the text. */
  offset(node, inner) {
    const chunk = this.#byNode.get(node);
    if (chunk) return chunk.start + (node.nodeType === Node.TEXT_NODE ? inner : inner === 0 ? 0 : chunk.end - chunk.start);
    const child = node.childNodes[inner] ?? null;
    if (child && this.#byNode.has(child)) return this.#byNode.get(child).start;
    if (node === this.all[0].element.parentNode) return this.all.at(-1).end;
    return null;
  }

  /** A range of one chunk's text; the offsets are cut to the chunk. */
  range(chunk, start, end) {
    const range = document.createRange();
    range.setStart(chunk.node, Math.max(0, start - chunk.start));
    range.setEnd(chunk.node, Math.min(end, chunk.end) - chunk.start);
    return range;
  }

  #add(start, part) {
    const node = document.createTextNode(part);
    const layer = make("div", { class: "pl-layer", "aria-hidden": "true" });
    const front = make("div", { class: "pl-layer pl-front", "aria-hidden": "true" });
    const element = make("div", { class: "pl-chunk" }, layer, node, front);
    element.style.containIntrinsicBlockSize = `auto ${rowCount(part)}lh`;
    const chunk = { start, end: start + part.length, element, node, layer, front };
    this.all.push(chunk);
    this.#byNode.set(node, chunk).set(element, chunk);
  }
}

function chunkEnd(text, start) {
  if (text.length - start <= chunkLength) return text.length;
  const limit = start + 2 * chunkLength;
  const lineEnd = text.slice(start + chunkLength - 1, limit).indexOf("\n");
  if (lineEnd >= 0) return start + chunkLength + lineEnd;
  if (text.length <= limit) return text.length;
  const space = text.lastIndexOf(" ", limit - 1);
  return space > start ? space + 1 : graphemeAt(text, limit)[0];
}

/** About how many rows a part takes, so that the scroll bar is right before it is laid out. */
function rowCount(part) {
  let rows = 0;
  for (let start = 0, end; start < part.length; start = end + 1) {
    end = part.indexOf("\n", start);
    if (end < 0) end = part.length;
    rows += Math.max(1, Math.ceil((end - start) / rowLength));
  }
  return Math.max(1, rows);
}
