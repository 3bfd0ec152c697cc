import { utf16FromScalar } from "../marking/offsets.js";

/** Confidence in percent below which a word is shown as uncertain. */
const uncertainBelow = 80;
/** How far from a word, as a share of the page, a click still means it. */
const reach = 0.015;

/**
 * The words of a page record on both sides: where each stands in the text (UTF-16; the record counts scalars) and on the image.
 *
 * @typedef {{start: number, end: number, box: {left: number, top: number, width: number, height: number},
   confidence: number}} PageWord
 *   The box is in shares of the image, its origin top left.
 */
export class PageWords {
  /** @type {PageWord[]} In text order. */
  all = [];
  /** The parts of the page that were read, as boxes. */
  regions = [];

  constructor(text, record) {
    if (!record) return;
    const blocks = new Map((record.Blocks ?? []).filter((block) => block.BlockType === "WORD").map((block) => [block.Id, block]));
    const unit = record.TextMap?.OffsetUnit === "utf-16" ? (offset) => offset : utf16FromScalar(text);
    for (const { BlockId, StartOffset, EndOffset } of record.TextMap?.Words ?? []) {
      const block = blocks.get(BlockId);
      const [start, end] = [unit(StartOffset), unit(EndOffset)];
      if (!block || !(start < end)) continue;
      this.all.push({ start, end, box: shares(block.Geometry.BoundingBox), confidence: block.Confidence });
    }
    this.all.sort((a, b) => a.start - b.start);
    this.regions = (record.regions ?? []).map(shares);
  }

  isUncertain(word) { return word.confidence < uncertainBelow; }
  get uncertain() { return this.all.filter(this.isUncertain); }

  /** The words that share a unit with a range; a caret (`start === end`) means the word it touches. */
  intersecting(start, end) {
    const to = Math.max(end, start + 1);
    const found = [];
    for (let index = this.#first(start); index < this.all.length && this.all[index].start < to; index++)
      found.push(this.all[index]);
    if (!found.length && start === end) {
      const before = this.all[this.#first(start) - 1];
      if (before?.end === start) found.push(before);
    }
    return found;
  }

  /** The word at a point of the image, or the nearest one close by, or `null`. */
  at(x, y) {
    let [nearest, least] = [null, reach];
    for (const word of this.all) {
      const { left, top, width, height } = word.box;
      const distance = Math.hypot(Math.max(left - x, 0, x - left - width), Math.max(top - y, 0, y - top - height));
      if (distance < least) [nearest, least] = [word, distance];
      if (distance === 0) break;
    }
    return nearest;
  }

  /** The index of the first word that ends after an offset. */
  #first(offset) {
    let [low, high] = [0, this.all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.all[middle].end > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

const shares = ({ Left, Top, Width, Height }) => ({ left: Left, top: Top, width: Width, height: Height });
