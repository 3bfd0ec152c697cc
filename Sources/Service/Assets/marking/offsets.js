/**
 * Conversion at the border. Inside the pages every offset is a count of UTF-16 code units, as in Ground Truth's answers and in
 * JavaScript's own strings. Page records and span JSON Lines count Unicode scalars.
 */

const surrogate = /[\ud800-\udfff]/;

/**
 * @param {string} text
 * @returns {function(number): number} From a scalar offset, 0 to the number of scalars, to the UTF-16 offset of the same place.
 *   Larger offsets give NaN. Takes one pass over the text, and none for text in the Basic Multilingual Plane.
 */
export function utf16FromScalar(text) {
  if (!surrogate.test(text)) return (offset) => offset >= 0 && offset <= text.length ? offset : NaN;
  const units = [];
  let unit = 0;
  for (const scalar of text) {
    units.push(unit);
    unit += scalar.length;
  }
  units.push(unit);
  return (offset) => units[offset] ?? NaN;
}

/** Whether an offset lies between the two halves of one character. */
export function splitsPair(text, offset) {
  return offset > 0 && offset < text.length && text.codePointAt(offset - 1) > 0xffff;
}

/** Why a span from elsewhere cannot be shown, as a sentence; `null` when it can. */
export function spanProblem(text, { startOffset, endOffset, label }) {
  if (!Number.isInteger(startOffset) || !Number.isInteger(endOffset)) return "its offsets are not whole numbers";
  if (startOffset < 0 || endOffset > text.length || startOffset >= endOffset)
    return `${startOffset} to ${endOffset} is no range of the text's ${text.length} units`;
  if (splitsPair(text, startOffset) || splitsPair(text, endOffset)) return `${startOffset} to ${endOffset} cuts a character in two`;
  if (typeof label !== "string" || label === "") return "it has no label";
  return null;
}
