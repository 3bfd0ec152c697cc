/** Numbers and times as people read them. */

export function count(number, word, plural = `${word}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? word : plural}`;
}

/** `4:07`, or `1:04:07` from an hour on. */
export function clock(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** In the largest unit that fits: `3 days`, `2 hours`, `5 minutes`, `40 seconds`. */
export function span(seconds) {
  for (const [word, length] of [["day", 86400], ["hour", 3600], ["minute", 60]])
    if (seconds >= 2 * length || (seconds >= length && length > 60)) return count(Math.floor(seconds / length), word);
  return count(Math.max(0, Math.floor(seconds)), "second");
}

export function moment(text) {
  return new Date(text).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}
