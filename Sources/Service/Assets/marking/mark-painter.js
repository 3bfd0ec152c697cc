import { make } from "../shared/dom.js";
import { labelChoice } from "./labels.js";

/** Underlines of spans on each other lie in lanes; deeper nesting shares the last one. */
const laneCount = 3;

/**
 * Paints marks behind the text of one chunk: boxes measured from the text's own layout, so that the text itself holds nothing but
 * its characters. Only chunks in view are painted, which keeps a text with thousands of spans quick.
 */
export class MarkPainter {
  #chunks;
  #editor;
  #extras;

  /**
   * @param {TextChunks} chunks
   * @param {Editor} editor
   * @param {function(number, number): {start: number, end: number, kind: string}[]} extras What else to paint in a range;
   *   `kind` is a class name.
   */
  constructor(chunks, editor, extras) {
    [this.#chunks, this.#editor, this.#extras] = [chunks, editor, extras];
  }

  /** Paints chunks anew. All measuring comes before all writing, so that the page is laid out once. */
  paint(chunks) {
    const painted = chunks.map((chunk) => [chunk, this.#boxes(chunk)]);
    for (const [chunk, { behind, before }] of painted) {
      chunk.layer.replaceChildren(...behind);
      chunk.front.replaceChildren(...before);
    }
  }

  clear(chunk) {
    chunk.layer.replaceChildren();
    chunk.front.replaceChildren();
  }

  #boxes(chunk) {
    const { start, end } = chunk;
    const origin = chunk.element.getBoundingClientRect();
    const spans = this.#editor.store.intersecting(start, end);
    const lanes = assignLanes(spans);
    const extras = this.#extras(start, end).flatMap((extra) =>
      this.#lines(chunk, extra).map((line) => box(line, origin, `pl-extra ${extra.kind}`)));
    const [tags, handles] = [[], []];
    const marks = spans.flatMap((span, index) => this.#mark(chunk, span, lanes[index], origin, tags, handles));
    return { behind: [...marks, ...extras, ...placed(tags)], before: handles };
  }

  #mark(chunk, span, lane, origin, tags, handles) {
    const lines = this.#lines(chunk, span);
    const choice = labelChoice(this.#editor.labels, span.label);
    const isCurrent = span.id === this.#editor.currentID;
    const classes =
      ["pl-mark", hueClass(choice), `pl-lane-${lane}`, span.isPending ? "pl-pending" : "", isCurrent ? "pl-current" : ""].join(" ");
    const boxes = lines.map((line) => box(line, origin, classes));
    if (lines.length && span.start >= chunk.start) {
      const [left, top] = [lines[0].left - origin.left, lines[0].top - origin.top];
      tags.push({ left, top, width: origin.width, choice, span, isCurrent });
      boxes[0].classList.add("pl-first");
      if (isCurrent) handles.push(handle(lines[0], "start", origin, choice));
    }
    if (lines.length && span.end <= chunk.end) {
      boxes.at(-1).classList.add("pl-last");
      if (isCurrent) handles.push(handle(lines.at(-1), "end", origin, choice));
    }
    return boxes;
  }

  /** The rectangles of a range, one a line. */
  #lines(chunk, { start, end }) {
    const lines = [];
    for (const rect of this.#chunks.range(chunk, start, end).getClientRects()) {
      const last = lines.at(-1);
      if (rect.width === 0) continue;
      if (last && Math.abs(last.top - rect.top) < 2 && rect.left <= last.right + 2 && rect.left >= last.left)
        last.right = Math.max(last.right, rect.right);
      else lines.push({ left: rect.left, right: rect.right, top: rect.top, bottom: rect.bottom });
    }
    return lines;
  }
}

export function hueClass(choice) {
  return choice.hue < 0 ? "pl-hue-none" : `pl-hue-${choice.hue}`;
}

/** The lowest lane free of the spans that still run; the spans are in text order. */
function assignLanes(spans) {
  const ends = [];
  return spans.map((span) => {
    let lane = ends.findIndex((end) => end <= span.start);
    if (lane < 0) lane = ends.length;
    ends[lane] = span.end;
    return Math.min(lane, laneCount - 1);
  });
}

function box(line, origin, classes) {
  const node = make("div", { class: classes });
  node.style.left = `${line.left - origin.left}px`;
  node.style.top = `${line.top - origin.top}px`;
  if (line.right > line.left) node.style.width = `${line.right - line.left}px`;
  node.style.height = `${line.bottom - line.top}px`;
  return node;
}

/** What the pointer takes hold of to move an edge. */
function handle(line, edge, origin, choice) {
  const x = edge === "start" ? line.left : line.right;
  const node = box({ left: x, right: x, top: line.top, bottom: line.bottom }, origin, `pl-handle ${hueClass(choice)}`);
  node.dataset.edge = edge;
  return node;
}

/** Tags stand over the first line of their span, beside each other where they would collide. Their names are not in the text. */
function placed(tags) {
  const ends = new Map();
  tags.sort((a, b) => a.top - b.top || a.left - b.left);
  return tags.map(({ left, top, width, choice, span, isCurrent }) => {
    const line = Math.round(top);
    const name = `${span.isPending ? "? " : ""}${choice.shortName}`;
    const length = Math.min(name.length, 16) * 6.6 + 8;
    const start = Math.min(Math.max(left, ends.get(line) ?? 0), Math.max(0, width - length));
    ends.set(line, start + length);
    const tag = make("div", {
      class: `pl-tag ${hueClass(choice)} ${span.isPending ? "pl-pending" : ""} ${isCurrent ? "pl-current" : ""}`,
      "data-name": name
    });
    tag.style.left = `${start}px`;
    tag.style.top = `${top}px`;
    return tag;
  });
}
