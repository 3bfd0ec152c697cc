/**
 * Where words and characters begin and end. A token is a run of letters, digits, marks and `_`, or else one character as people
 * see it (an emoji with its joiners is one). In scripts without blanks between words, such as Chinese, Japanese and Thai, it is a
 * word of the browser's dictionary. White space belongs to no token. All offsets count UTF-16 units.
 */

import { splitsPair } from "./offsets.js";

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });
const words = new Intl.Segmenter("und", { granularity: "word" });
const wordCharacter = /[\p{L}\p{N}\p{M}_]/u;
const scriptWithoutBlanks = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]/u;
const combiningMark = /\p{M}/u;
const space = /\s/u;
/** No character that people see is longer than this many units, nor is any word for our purposes. */
const graphemeReach = 64;
const wordReach = 512;

/** The character before an offset, as a whole scalar. */
const before = (text, offset) => {
  const isPair = offset > 1 && text.codePointAt(offset - 2) > 0xffff;
  return text.slice(offset - (isPair ? 2 : 1), offset);
};
const after = (text, offset) => String.fromCodePoint(text.codePointAt(offset));

/** The character at an offset as people see it: `[start, end]`. */
export function graphemeAt(text, offset) {
  if (offset >= text.length) return [text.length, text.length];
  const from = windowStart(text, offset);
  const found = graphemes.segment(text.slice(from, offset + graphemeReach)).containing(offset - from);
  return [from + found.index, from + found.index + found.segment.length];
}

/** A place at or before an offset where a character surely begins: before an ASCII one. */
function windowStart(text, offset) {
  let start = offset;
  while (start > 0 && offset - start < graphemeReach && !/[ -~]/.test(text[start])) start--;
  return splitsPair(text, start) ? start - 1 : start;
}

export function previousCharacter(text, offset) {
  return offset === 0 ? 0 : graphemeAt(text, offset - 1)[0];
}

export function nextCharacter(text, offset) {
  return graphemeAt(text, offset)[1];
}

/** The token that holds the character at an offset: `[start, end]`, or `null` at white space and at the end. */
export function tokenAt(text, offset) {
  if (offset >= text.length) return null;
  const [start, end] = graphemeAt(text, offset);
  const character = after(text, start);
  if (space.test(character)) return null;
  if (!wordCharacter.test(character)) return [start, end];
  if (isUnspaced(character)) return dictionaryWord(text, start, end);
  return [runStart(text, start, isSpaced), runEnd(text, end, isSpaced)];
}

const isUnspaced = (character) => wordCharacter.test(character) && scriptWithoutBlanks.test(character);
const isSpaced = (character) => wordCharacter.test(character) && !scriptWithoutBlanks.test(character);
const isUnspacedOrMark = (character) => isUnspaced(character) || combiningMark.test(character);

/** The word that holds the character from `start` to `end`, in the run of such scripts around it. */
function dictionaryWord(text, start, end) {
  const from = runStart(text, start, isUnspacedOrMark);
  const found = words.segment(text.slice(from, runEnd(text, end, isUnspacedOrMark))).containing(start - from);
  return [from + found.index, from + found.index + found.segment.length];
}

/** How far back from an offset all characters belong together. A mark stays with the character before it. */
function runStart(text, offset, belongs) {
  let start = offset;
  while (start > 0 && offset - start < wordReach && belongs(before(text, start))) start -= before(text, start).length;
  const isAfterWord = start > 0 && wordCharacter.test(before(text, start));
  while (isAfterWord && start < offset && combiningMark.test(after(text, start))) start += after(text, start).length;
  return start;
}

function runEnd(text, offset, belongs) {
  let end = offset;
  while (end < text.length && end - offset < wordReach && belongs(after(text, end))) end += after(text, end).length;
  return end;
}

/** The next place right of an offset where a token ends. */
export function nextTokenEnd(text, offset) {
  let place = offset;
  while (place < text.length && !tokenAt(text, place)) place = nextCharacter(text, place);
  return tokenAt(text, place)?.[1] ?? text.length;
}

/** The next place left of an offset where a token starts. */
export function previousTokenStart(text, offset) {
  let place = offset;
  while (place > 0 && !tokenAt(text, previousCharacter(text, place))) place = previousCharacter(text, place);
  return place === 0 ? 0 : tokenAt(text, previousCharacter(text, place))[0];
}

/** The next token start right of an offset, and the next token end left of it: what an edge moves to when a span shrinks. */
export function nextTokenStart(text, offset) {
  let place = tokenAt(text, offset)?.[1] ?? offset;
  while (place < text.length && !tokenAt(text, place)) place = nextCharacter(text, place);
  return place;
}

export function previousTokenEnd(text, offset) {
  let place = offset;
  const token = place > 0 ? tokenAt(text, previousCharacter(text, place)) : null;
  if (token) place = token[0];
  while (place > 0 && !tokenAt(text, previousCharacter(text, place))) place = previousCharacter(text, place);
  return place;
}

/**
 * A selection made fit to be a span: white space at its edges left out, its edges at whole characters and, when `toTokens`, widened
 * to whole tokens.
 *
 * @returns {?[number, number]} `null` when nothing but white space is selected.
 */
export function fittedRange(text, from, to, toTokens) {
  let [start, end] = [from, to];
  if (start < end) {
    start = graphemeAt(text, start)[0];
    end = graphemeAt(text, end - 1)[1];
  }
  while (start < end && space.test(text[start])) start++;
  while (end > start && space.test(text[end - 1])) end--;
  if (start >= end) return null;
  if (!toTokens) return [start, end];
  return [tokenAt(text, start)?.[0] ?? start, tokenAt(text, end - 1)?.[1] ?? end];
}
