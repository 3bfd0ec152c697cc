/** How many colours `marking/styles.js` has. */
const hueCount = 12;

/**
 * @typedef {Object} LabelChoice
 * @property {string} label What the answer holds.
 * @property {string} fullName For lists.
 * @property {string} shortName For the tags above the text.
 * @property {string} key The key that chooses it, or empty.
 * @property {string} help What it is for, or empty.
 * @property {number} hue Which colour, 0 to 11.
 */

/**
 * Labels as `crowd-entity-annotation` takes them: strings, or objects with `label`, `shortDisplayName`, `fullDisplayName`; ours may
 * have `key` and `help`. What names no label is left out, and of two of one name the first counts.
 *
 * @param {*} listed
 * @param {Set<string>} takenKeys Keys that mean something else. The digits 1 to 9 and 0 go to labels without a key of their own.
 * @returns {LabelChoice[]}
 */
export function readLabels(listed, takenKeys = new Set()) {
  const labels = new Map();
  for (const item of Array.isArray(listed) ? listed : []) {
    const given = typeof item === "object" && item !== null ? item : { label: item };
    const label = String(given.label ?? "");
    if (label && !labels.has(label)) labels.set(label, given);
  }
  const keys = new Set(takenKeys);
  const ownKeys = [...labels.values()].map((given) => {
    const key = typeof given.key === "string" && [...given.key].length === 1 ? given.key.toLowerCase() : "";
    if (!key || keys.has(key)) return "";
    keys.add(key);
    return key;
  });
  const digits = [..."1234567890"].filter((digit) => !keys.has(digit));
  return [...labels].map(([label, given], index) => ({
    label,
    fullName: String(given.fullDisplayName || label),
    shortName: String(given.shortDisplayName || given.fullDisplayName || label),
    key: ownKeys[index] || (digits.shift() ?? ""),
    help: String(given.help ?? ""),
    hue: index % hueCount,
  }));
}

/** The choice for a label that came with a span; one that is not in the set is shown all the same. */
export function labelChoice(labels, label) {
  return labels.find((choice) => choice.label === label) ??
    { label, fullName: label, shortName: label, key: "", help: "", hue: -1 };
}

/** The choice whose key is pressed; null when it is none's. */
export function pressedLabel(labels, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const withKey = (wanted) => labels.find(({ key }) => key !== "" && key === wanted);
  // Keyboards differ in whether the row above the letters gives digits with or without Shift; with AltGr it gives neither.
  const digit = event.getModifierState("AltGraph") ? null : /^Digit(\d)$/.exec(event.code)?.[1];
  return withKey(digit) ?? withKey(event.key.toLowerCase()) ?? null;
}
