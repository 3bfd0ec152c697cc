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
 * there. Of two text fields with one name the last counts. Disabled controls are left out, as in HTML.
 */
export function collectAnswer(found) {
  const answer = new Map();
  for (const control of found) {
    if (!control.name || control.disabled) continue;
    const part = control instanceof CrowdControl ? control.answer : nativeAnswer(control);
    if (part === undefined) continue;
    answer.set(control.name, joined(answer.get(control.name), part));
  }
  return Object.fromEntries(answer);
}

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

/** Shows the first thing that is wrong. Returns whether all is well. */
export function reportValidity(found) {
  return found.every((control) => control.disabled || control.reportValidity());
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
