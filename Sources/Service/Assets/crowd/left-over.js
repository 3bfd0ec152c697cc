/**
 * Clicks and keys that were meant for the task before.
 *
 * The next task stands where the last one stood, so the second click on Submit's place, or an Enter still held, would send it
 * untouched. For half a second such a press does not count, unless the worker has filled something in by then; Enter counts when
 * it is pressed, not while it is held. What a script submits of itself is not affected.
 */
const settlingMilliseconds = 500;

let isEarly = false;
let readyAt = Infinity;
let hasPressed = false;
let hasFilledIn = false;
let isEnterHeld = false;

/** Told when the elements are up, a moment before the page stands, and when its scripts run: what is filled in between is the worker's. */
export function hearEarly(isOn) { isEarly = isOn; }

/** Called when the page stands. */
export function startSettling() { readyAt = performance.now(); }

/** What was put back of a draft was not filled in by the worker. */
export function forgetFilledIn() { hasFilledIn = false; }

/** Whether the worker has filled something in. */
export function isFilledIn() { return hasFilledIn; }

/** Whether every press counts. */
export function isSettled() { return performance.now() >= readyAt + settlingMilliseconds; }

/** Whether a submission now comes of a press for the task before. */
export function isLeftOver() { return isEnterHeld || (hasPressed && !hasFilledIn && !isSettled()); }

function hear(names, action) {
  for (const name of names) window.addEventListener(name, (event) => { if (event.isTrusted) action(event); }, { capture: true });
}

hear(["keydown"], (event) => {
  if (event.key !== "Enter") return;
  isEnterHeld = event.repeat;
  hasPressed = true;
});
hear(["keyup", "pointerdown", "blur"], () => { isEnterHeld = false; });
hear(["click"], () => { hasPressed = true; });
// A mark in a text is a change that no browser's own control tells of.
const filledIn = (event) => { hasFilledIn ||= readyAt < Infinity || (isEarly && event.isTrusted); };
for (const name of ["input", "change"]) window.addEventListener(name, filledIn, { capture: true });
