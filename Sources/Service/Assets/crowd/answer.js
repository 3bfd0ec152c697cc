import { CrowdControl } from "./element.js";

const nativeControls = "input, textarea, select";
const buttons = new Set(["submit", "reset", "button", "image"]);

/** The controls below these roots in tree order, each once; controls of a form nested in them are the nested form's. */
export function controls(roots) {
  return roots.flatMap(
    (root) => [...root.querySelectorAll("*")].filter(
      (node) => node instanceof CrowdControl || (node.matches(nativeControls) && !buttons.has(node.type))));
}

/**
 * The answer object: one key a named control (contracts section 7).
 *
 * Plain check boxes and radio buttons answer as `crowd-checkbox` does, so that an unchecked one is told from one that was not
 * there. Of two text fields with one name the last counts. Disabled controls are left out, as in HTML, and those of a disabled
 * `fieldset`.
 */
export function collectAnswer(found) {
  const answer = new Map();
  for (const control of found) {
    if (!control.name || isDisabled(control)) continue;
    const part = answerOf(control);
    if (part === undefined) continue;
    answer.set(control.name, joined(answer.get(control.name), part));
  }
  return Object.fromEntries(answer);
}

const isDisabled = (control) => control.matches(":disabled");
const answerOf = (control) => control instanceof CrowdControl ? control.answer : nativeAnswer(control);

function nativeAnswer(control) {
  if (control.type === "checkbox" || control.type === "radio") return Object.fromEntries([[control.value, control.checked]]);
  if (control.type === "select-multiple")
    return Object.fromEntries([...control.options].map((option) => [option.value, option.selected]));
  return control.value;
}

function joined(former, latter) {
  const areObjects = [former, latter].every((part) => typeof part === "object" && part !== null);
  return areObjects ? Object.fromEntries([...Object.entries(former), ...Object.entries(latter)]) : latter;
}

/** Shows the first thing that is wrong, in the tab or window where it stands. Returns its control; `undefined` when all is well. */
export function showFirstProblem(found) {
  const wrong = found.find((control) => !isDisabled(control) && !isValid(control));
  if (!wrong) return undefined;
  for (let place = wrong.parentNode; place; place = place.parentNode ?? place.host) {
    place.reveal?.();
    if (place instanceof HTMLDetailsElement) place.open = true;
  }
  // Only what is seen can have the focus.
  wrong.reportValidity();
  return wrong;
}

function isValid(control) {
  return control instanceof CrowdControl ? control.reportValidity() : control.checkValidity();
}

/** Fields that scripts keep, and those that no script may fill in. */
const untouchable = new Set(["hidden", "file", "password"]);

/**
 * Puts an earlier answer back into the controls, as properties and never as markup, and lets the page's own listeners hear of it.
 *
 * @param {Object} answer Of any origin: what fits no control is left out.
 */
export function restoreControls(found, answer) {
  for (const control of found) {
    if (!control.name || isDisabled(control) || untouchable.has(control.type)) continue;
    const before = JSON.stringify(answerOf(control));
    const part = Object.hasOwn(answer, control.name) ? answer[control.name] : undefined;
    if (control instanceof CrowdControl) control.restore(part);
    else restoreNative(control, part);
    if (JSON.stringify(answerOf(control)) === before) continue;
    for (const name of ["input", "change"]) control.dispatchEvent(new Event(name, { bubbles: true }));
  }
}

function restoreNative(control, part) {
  if (control.type === "checkbox" || control.type === "radio") control.checked = part?.[control.value] === true;
  else if (control.type === "select-multiple")
    for (const option of control.options) option.selected = part?.[option.value] === true;
  else if (typeof part === "string") control.value = part;
}

/** Puts controls back to what the page said. */
export function resetControls(found) {
  for (const control of found) {
    if (control instanceof CrowdControl) control.reset();
    else if (control.type === "checkbox" || control.type === "radio") control.checked = control.defaultChecked;
    else if (control instanceof HTMLSelectElement) for (const option of control.options) option.selected = option.defaultSelected;
    else if (control.type !== "hidden") control.value = control.defaultValue;
  }
}
