import { labelChoice } from "./labels.js";
import { sentenceAt } from "./sentences.js";
import { SpanStore } from "./span-store.js";
import {
  fittedRange, nextCharacter, nextTokenEnd, nextTokenStart, previousCharacter, previousTokenEnd, previousTokenStart,
} from "./tokens.js";

/** More occurrences than this are not tagged at once: an answer holds at most 5,000 spans. */
const maximumOccurrences = 5000;
const becameOne = "It became one with an equal mark.";

/** Words as they are said: of many the beginning and the end. */
function shortened(words) {
  return words.length > 80 ? `${words.slice(0, 40)} … ${words.slice(-40)}` : words;
}

/**
 * What can be done to the spans of one text, whoever asks for it: keys, buttons or the pointer.
 *
 * Sends `change` when anything to be shown changed, and `say` (`detail` is a sentence) for people who do not see it.
 */
export class Editor extends EventTarget {
  /** The caret's place and where the selection began; equal without a selection. */
  anchor = 0;
  focus = 0;
  /** The span that commands act on: its id, or `null`. */
  currentID = null;
  /** Which edge the arrow keys move: `start`, `end` or `null`. */
  movingEdge = null;
  /** Whether new spans and moved edges keep to whole tokens. */
  isSnapping = true;
  /** The label that a selection by pointer gets at once, or `null`. */
  armedLabel = null;

  constructor(text, labels) {
    super();
    this.text = text;
    this.labels = labels;
    this.store = new SpanStore();
    this.store.addEventListener("change", () => this.#changed());
  }

  get current() { return this.currentID === null ? null : this.store.span(this.currentID); }
  get selectionStart() { return Math.min(this.anchor, this.focus); }
  get selectionEnd() { return Math.max(this.anchor, this.focus); }
  get hasSelection() { return this.anchor !== this.focus; }

  surface(span) { return this.text.slice(span.start, span.end); }

  /** Selects text, after which no span is current; or places the caret, which makes the shortest span there the current one. */
  select(anchor, focus = anchor) {
    if (anchor === this.anchor && focus === this.focus) return;
    [this.anchor, this.focus] = [anchor, focus];
    this.#leaveEdge();
    this.currentID = this.hasSelection ? null : this.store.at(focus)[0]?.id ?? null;
    this.#changed();
  }

  /** Says what is selected, to people who select by keys. */
  saySelection() {
    const words = this.text.slice(this.selectionStart, this.selectionEnd);
    this.#say(words ? `Selected: ${shortened(words)}` : "Nothing selected.");
  }

  /** At a place where several spans lie on each other, makes the next one current. */
  cycleAt(offset) {
    const spans = this.store.at(offset);
    if (spans.length < 2) return;
    const index = spans.findIndex((span) => span.id === this.currentID);
    this.makeCurrent(spans[(index + 1) % spans.length], false);
  }

  makeCurrent(span, movesCaret = true) {
    this.#leaveEdge();
    // The mark whose edge was moved may just have become one with this span.
    const found = span ? this.store.span(span.id) ?? this.store.find(span.start, span.end, span.label) : null;
    this.currentID = found?.id ?? null;
    if (found && movesCaret) this.anchor = this.focus = found.start;
    if (found) this.#say(this.describe(found));
    this.#changed();
  }

  describe(span) {
    const name = labelChoice(this.labels, span.label).fullName;
    return `${span.isPending ? "Suggested: " : ""}${name}: ${shortened(this.surface(span))}`;
  }

  step(direction, isWanted) {
    const from = this.current && (!isWanted || isWanted(this.current)) ? this.current : null;
    const next = from
      ? this.store.neighbour(from, direction, isWanted)
      : direction > 0 ? this.store.following(this.focus, isWanted) : this.store.preceding(this.focus, isWanted);
    if (next) this.makeCurrent(next);
    else this.#say(direction > 0 ? "No further one below." : "No further one above.");
    return next;
  }

  /** Shows which words a selection would mark. */
  snapSelection() {
    if (!this.hasSelection) return;
    const fitted = fittedRange(this.text, this.selectionStart, this.selectionEnd, this.isSnapping);
    if (!fitted) return this.select(this.focus);
    const isForward = this.focus > this.anchor;
    this.select(isForward ? fitted[0] : fitted[1], isForward ? fitted[1] : fitted[0]);
  }

  /** Selects the sentence at the caret; when something is selected, the sentence that follows as well. */
  selectSentence() {
    const sentence = sentenceAt(this.text, this.hasSelection ? this.selectionEnd : this.focus);
    if (!sentence) return this.#say("No further sentence.");
    this.select(this.hasSelection ? this.selectionStart : sentence[0], sentence[1]);
    this.saySelection();
  }

  /** Marks the selection; without one, gives the current span this label. */
  label(label) {
    if (this.hasSelection) return this.mark(label);
    const span = this.current;
    if (span) return this.relabel(span, label);
    this.#say("Select some text first.");
    return null;
  }

  mark(label, start = this.selectionStart, end = this.selectionEnd) {
    const fitted = fittedRange(this.text, start, end, this.isSnapping);
    if (!fitted) {
      this.#say("There is only white space in the selection.");
      return null;
    }
    this.#leaveEdge();
    const existing = this.store.find(...fitted, label);
    this.anchor = this.focus = fitted[1];
    if (existing?.isPending) return this.accept(existing);
    const span = existing ?? this.store.make({ start: fitted[0], end: fitted[1], label });
    this.currentID = span.id;
    if (existing) this.#changed();
    else this.store.change({ add: [span] });
    this.#say(`${existing ? "Already marked" : "Marked"} as ${this.describe(span)}`);
    return span;
  }

  /** Marks the selection with the label that is held, if one is; the mark is not current, as the label pressed next is held too. */
  markHeld() {
    if (!this.armedLabel || !this.hasSelection) return;
    this.mark(this.armedLabel);
    this.currentID = null;
    this.#changed();
  }

  /** Marks the selection; without one, puts one label more on the range of the current span. */
  addLabel(label) {
    const span = this.current;
    return this.hasSelection || !span ? this.label(label) : this.mark(label, span.start, span.end);
  }

  relabel(span, label) {
    if (span.label === label) return span.isPending ? this.accept(span) : span;
    return this.#decide(span, { label }, `Now ${labelChoice(this.labels, label).fullName}`);
  }

  remove(span = this.current) {
    if (!span) return;
    const isSuggestion = span.isPending;
    this.currentID = null;
    this.#leaveEdge();
    this.store.change({ remove: [span] });
    this.#say(isSuggestion ? "Suggestion rejected." : "Mark removed.");
  }

  accept(span) {
    return this.#decide(span, {}, "Suggestion accepted");
  }

  /** All suggestions that are still undecided, as one step. */
  decideAll(accepts) {
    this.#leaveEdge();
    const pending = this.store.spans.filter((span) => span.isPending);
    if (!pending.length) return;
    this.currentID = null;
    const equal = accepts ? this.store.groups().filter((spans) => spans.some((span) => span.isPending)) : [];
    this.store.change({ remove: accepts ? equal.flat() : pending, add: equal.map((spans) => this.#oneOf(spans)) });
    const noun = pending.length === 1 ? "suggestion" : "suggestions";
    const merged = equal.some((spans) => spans.length > 1) ? " Equal marks became one." : "";
    this.#say(`${pending.length} ${noun} ${accepts ? "accepted" : "rejected"}.${merged}`);
  }

  /** Puts one edge of a span somewhere, to whole characters or tokens; a span never becomes empty. */
  setEdge(span, edge, offset, series = null) {
    const [start, end] =
      edge === "start" ? [Math.min(offset, span.end - 1), span.end] : [span.start, Math.max(offset, span.start + 1)];
    const fitted = fittedRange(this.text, Math.max(0, start), Math.min(end, this.text.length), this.isSnapping);
    if (!fitted) return span;
    // Fitting may widen the edge that stays; only the moved one is taken.
    const moved = edge === "start" ? { start: fitted[0] } : { end: fitted[1] };
    if ((moved.start ?? span.start) === span.start && (moved.end ?? span.end) === span.end) return span;
    return this.#move(span, moved, series);
  }

  /** Moves the edge under way one token, or one character when snapping is off. */
  nudgeEdge(direction) {
    const span = this.current;
    if (!span || !this.movingEdge) return;
    const place = span[this.movingEdge];
    const move = this.isSnapping
      ? { start: [previousTokenStart, nextTokenStart], end: [previousTokenEnd, nextTokenEnd] }[this.movingEdge]
      : [previousCharacter, nextCharacter];
    const wanted = move[direction < 0 ? 0 : 1](this.text, place);
    if (this.movingEdge === "start" ? wanted >= span.end : wanted <= span.start) return this.#say("A mark cannot become empty.");
    const moved = this.#move(span, { [this.movingEdge]: wanted }, `edge-${this.movingEdge}`);
    this.anchor = this.focus = wanted;
    this.#say(this.describe(moved));
    this.#changed();
  }

  moveEdge(edge) {
    if (!this.current) return;
    const hasMerged = this.restEdge();
    this.movingEdge = this.movingEdge === edge ? null : edge;
    const sentence = this.movingEdge ? `Arrow keys move the ${edge}; Enter when done.` : "Done.";
    this.#say(hasMerged ? `${sentence} ${becameOne}` : sentence);
    this.#changed();
  }

  /**
   * Where an edge has come to rest, its span becomes one with those that are equal to it; in passing it does not.
   *
   * @returns {boolean} Whether it did.
   */
  restEdge() {
    const span = this.current;
    const equal = span && !span.isPending ? this.store.equalTo(span) : [];
    const hasMerged = equal.length > 1;
    if (hasMerged) {
      const made = this.#oneOf(equal);
      this.currentID = made.id;
      this.store.amend({ remove: equal, add: [made] });
      this.#say(becameOne);
    }
    this.store.endSeries();
    return hasMerged;
  }

  /**
   * Gives every further occurrence of the current span's words its label, as one step; none that crosses another of them.
   * Returns how many were new.
   */
  tagOccurrences(span = this.current) {
    if (!span) return 0;
    const words = this.surface(span);
    const added = [];
    let from = 0;
    for (let start; (start = this.text.indexOf(words, from)) >= 0 && added.length < maximumOccurrences;) {
      const end = start + words.length;
      const isTaken = this.#isNewOccurrence(start, end, span.label, words);
      if (isTaken) added.push(this.store.make({ start, end, label: span.label }));
      // One that is passed over may overlap one that is not.
      from = isTaken ? end : start + 1;
    }
    if (added.length) this.store.change({ add: added });
    this.#say(added.length ? `${added.length} more marked.` : "No other occurrence.");
    return added.length;
  }

  undo() { this.#travel(this.store.undo(), "Undone."); }
  redo() { this.#travel(this.store.redo(), "Done again."); }

  setSnapping(isSnapping) {
    this.isSnapping = isSnapping;
    this.#say(isSnapping ? "Marks keep to whole words." : "Marks may cut words.");
    this.#changed();
  }

  /** Nothing is selected, current or held any more. */
  letGo() {
    this.armedLabel = null;
    this.select(this.focus);
    this.makeCurrent(null);
  }

  arm(label) {
    this.armedLabel = this.armedLabel === label ? null : label;
    this.#changed();
  }

  #isNewOccurrence(start, end, label, words) {
    const fitted = fittedRange(this.text, start, end, this.isSnapping);
    const isWhole = fitted && fitted[0] === start && fitted[1] === end;
    return isWhole &&
      !this.store.intersecting(start, end).some((span) => span.label === label && this.surface(span) === words);
  }

  #travel(spans, sentence) {
    if (spans === null) return this.#say("Nothing more.");
    this.movingEdge = null;
    this.store.endSeries();
    this.currentID = spans.length === 1 ? spans[0].id : null;
    if (this.current) this.anchor = this.focus;
    this.#say(sentence);
    this.#changed();
  }

  /** A span becomes what was decided, and one with those that are then equal to it. */
  #decide(span, changes, sentence) {
    const decided = { ...span, isPending: false, ...changes };
    const equal = this.store.equalTo(decided).filter(({ id }) => id !== span.id);
    const made = this.#oneOf([...equal, decided]);
    this.currentID = made.id;
    this.store.change({ remove: [span, ...equal], add: [made] });
    this.#say(`${sentence}: ${shortened(this.surface(made))}${equal.length ? `. ${becameOne}` : ""}`);
    return made;
  }

  #move(span, edge, series) {
    const made = this.store.make({ ...span, isPending: false, ...edge });
    this.currentID = made.id;
    this.store.change({ remove: [span], add: [made], series });
    return made;
  }

  /** One mark in the place of equal ones. It comes from the suggestion that was decided on before, if there are several. */
  #oneOf(spans) {
    const suggested = spans.filter((span) => span.suggestion !== null);
    const source = suggested.find((span) => !span.isPending) ?? suggested[0];
    return this.store.make({ ...spans[0], isPending: false, suggestion: source?.suggestion ?? null });
  }

  #leaveEdge() {
    if (this.movingEdge === null) return;
    this.movingEdge = null;
    this.restEdge();
  }

  #changed() { this.dispatchEvent(new Event("change")); }
  #say(sentence) { this.dispatchEvent(new CustomEvent("say", { detail: sentence })); }
}
