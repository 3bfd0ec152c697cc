/**
 * @typedef {Object} Span A range of the text with a label. Frozen: a changed span is another one.
 * @property {number} id Of this page only.
 * @property {number} start UTF-16 offset of the first unit.
 * @property {number} end UTF-16 offset after the last unit; greater than `start`.
 * @property {string} label
 * @property {?number} suggestion The index of the suggestion it came from.
 * @property {boolean} isPending Whether it is a suggestion that nobody has decided on.
 */

/** Text order; of spans that start together the longer first, so that an outer one precedes what it holds. */
const inOrder = (a, b) => a.start - b.start || b.end - a.end || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0) || a.id - b.id;

/**
 * The spans of one text, and the answers beside them, with undo and redo without a limit. Sends `change` after each change.
 *
 * The history keeps only what each step took away and put in, so that thousands of steps over thousands of spans stay small.
 */
export class SpanStore extends EventTarget {
  #spans = [];
  #furthestEnds = [];
  #fields = new Map();
  #past = [];
  #future = [];
  #nextID = 1;

  /** Starts anew, without a history. Takes spans without ids. */
  load(spans, fields = {}) {
    this.#fields = new Map(Object.entries(fields));
    [this.#past, this.#future] = [[], []];
    this.#keep(spans.map((span) => this.make(span)).sort(inOrder));
    this.#tell();
  }

  /** All spans in text order. */
  get spans() { return this.#spans; }
  get canUndo() { return this.#past.length > 0; }
  get canRedo() { return this.#future.length > 0; }

  field(name) { return this.#fields.get(name); }
  get fields() { return Object.fromEntries(this.#fields); }

  /** A span that is not in the store yet. */
  make({ start, end, label, suggestion = null, isPending = false }) {
    return Object.freeze({ id: this.#nextID++, start, end, label, suggestion, isPending });
  }

  /**
   * Takes spans away and puts others in, as one step of the history.
   *
   * @param {{remove?: Span[], add?: Span[], series?: string}} step Steps of the same `series` that follow each other are one.
   */
  change({ remove = [], add = [], series = null }) {
    const last = this.#past.at(-1);
    this.#future = [];
    if (series !== null && last?.series === series) extend(last, remove, add);
    else this.#past.push({ remove, add, series });
    this.#exchange(remove, add);
  }

  /** Like `change`; a part of the step before, when that put in one of the spans that go. */
  amend({ remove, add }) {
    const last = this.#past.at(-1);
    if (!last?.add.some((span) => remove.includes(span))) return this.change({ remove, add });
    this.#future = [];
    extend(last, remove, add);
    this.#exchange(remove, add);
  }

  /** Sets an answer beside the spans, as one step of the history. */
  setField(name, value) {
    if (this.#fields.get(name) === value) return;
    this.#past.push({ remove: [], add: [], series: null, field: { name, from: this.#fields.get(name), to: value } });
    this.#future = [];
    this.#fields.set(name, value);
    this.#tell();
  }

  /** Notes have the undo of their own field, so they make no step. */
  setNotes(notes) {
    this.#fields.set("notes", notes);
    this.#tell();
  }

  /** Ends a series: the next step stands for itself. */
  endSeries() {
    if (this.#past.length) this.#past.at(-1).series = null;
  }

  /** @returns {?Span[]} The spans that came back, or `null` when there is nothing to undo. */
  undo() {
    const step = this.#past.pop();
    if (!step) return null;
    step.series = null;
    this.#future.push(step);
    if (step.field) this.#fields.set(step.field.name, step.field.from);
    this.#exchange(step.add, step.remove);
    return step.remove;
  }

  redo() {
    const step = this.#future.pop();
    if (!step) return null;
    this.#past.push(step);
    if (step.field) this.#fields.set(step.field.name, step.field.to);
    this.#exchange(step.remove, step.add);
    return step.add;
  }

  span(id) { return this.#spans.find((span) => span.id === id) ?? null; }

  /** The spans that share at least one unit with a range, in text order. */
  intersecting(start, end) {
    const found = [];
    for (let index = this.#firstIndex((span) => span.start >= end) - 1; index >= 0 && this.#furthestEnds[index] > start; index--) {
      if (this.#spans[index].end > start) found.push(this.#spans[index]);
    }
    return found.reverse();
  }

  /** The spans at a caret, both edges counted, the shortest first. */
  at(offset) {
    return this.intersecting(offset - 1, offset + 1).sort((a, b) => (a.end - a.start) - (b.end - b.start) || inOrder(a, b));
  }

  /** The first span of this range and label, or `null`. */
  find(start, end, label) { return this.equalTo({ start, end, label })[0] ?? null; }

  /** The spans of the same range and label as another, which is among them when it is in the store. */
  equalTo({ start, end, label }) {
    return this.intersecting(start, end).filter((span) => span.start === start && span.end === end && span.label === label);
  }

  /** All spans, equal ones together. */
  groups() {
    return [...Map.groupBy(this.#spans, ({ start, end, label }) => `${start} ${end} ${label}`).values()];
  }

  /** The first span after, or the last before, another in text order. */
  neighbour(span, step, isWanted = () => true) {
    let index = this.#spans.indexOf(span) + step;
    while (this.#spans[index] && !isWanted(this.#spans[index])) index += step;
    return this.#spans[index] ?? null;
  }

  /** The first span that starts at or after an offset. */
  following(offset, isWanted = () => true) {
    const first = this.#firstIndex((span) => span.start >= offset);
    return this.#spans.slice(first).find(isWanted) ?? null;
  }

  preceding(offset, isWanted = () => true) {
    const first = this.#firstIndex((span) => span.start >= offset);
    return this.#spans.slice(0, first).findLast(isWanted) ?? null;
  }

  #firstIndex(isFar) {
    let [low, high] = [0, this.#spans.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isFar(this.#spans[middle])) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #exchange(remove, add) {
    const gone = new Set(remove.map((span) => span.id));
    const kept = gone.size ? this.#spans.filter((span) => !gone.has(span.id)) : this.#spans;
    this.#keep(add.length ? [...kept, ...add].sort(inOrder) : kept);
    this.#tell();
  }

  #keep(spans) {
    this.#spans = spans;
    let furthest = 0;
    this.#furthestEnds = spans.map((span) => (furthest = Math.max(furthest, span.end)));
  }

  #tell() { this.dispatchEvent(new Event("change")); }
}

/** Lengthens a step of the history by what follows it. */
function extend(step, remove, add) {
  step.remove = [...step.remove, ...remove.filter((span) => !step.add.includes(span))];
  step.add = [...step.add.filter((span) => !remove.includes(span)), ...add];
}
