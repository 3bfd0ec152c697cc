const sentences = new Intl.Segmenter("en", { granularity: "sentence" });
/** How far from an offset a sentence is looked for. */
const reach = 4000;
const space = /\s/;

/**
 * The sentence that holds the character at an offset, or the next one when white space stands there: `[start, end]` in UTF-16
 * units, without white space at its edges. `null` when only white space follows. A line end always ends a sentence.
 */
export function sentenceAt(text, offset) {
  let place = offset;
  while (place < text.length && space.test(text[place])) place++;
  if (place >= text.length) return null;
  const from = Math.max(text.lastIndexOf("\n", place - 1) + 1, place - reach);
  const found = sentences.segment(text.slice(from, place + reach)).containing(place - from);
  const start = from + found.index;
  return [start + found.segment.length - found.segment.trimStart().length, start + found.segment.trimEnd().length];
}
