import { make, sheet } from "../shared/dom.js";
import { collectAnswer, controls, resetControls, restoreControls, showFirstProblem } from "./answer.js";
import { CrowdElement } from "./element.js";
import { isLeftOver, isSettled } from "./left-over.js";
import { submitAnswer } from "./submission.js";

/** A `crowd-button` finds its form itself. */
const submitters = "crowd-button[form-action=submit]";
const isPlainButton = (node) => node instanceof HTMLButtonElement || (node instanceof HTMLInputElement && node.matches("[type]"));
const isSubmitter = (node) => node.matches(submitters) || (isPlainButton(node) && node.type === "submit");

/**
 * `crowd-form`: builds the answer of the controls in it and sends it.
 *
 * A script may assign `onsubmit` or listen for `submit`: it runs after validation and before the answer is collected, and may
 * cancel. `submit()` and `reset()` do what the buttons do. Elements appended to `form` are part of the answer too. A click or an
 * Enter that was meant for the task before does not submit (`left-over.js`).
 */
export class CrowdForm extends CrowdElement {
  static styles = sheet(`
    :host { display: block; }
    form { margin: 0; }
    ::slotted(crowd-button[slot=submit]) { margin-top: 16px; }
    .state { margin: 12px 0 0; padding: 10px 14px; border-radius: 6px; background: #edf2ff; border: 1px solid #c3d0f7;
      overflow-wrap: anywhere; }
    .state.failed { background: #fdeceb; border-color: #f0c0bd; color: #8c1d18; }
    .state:empty { display: none; }
    .state pre { margin: 8px 0 0; white-space: pre-wrap; font: 13px/1.45 ui-monospace, "Liberation Mono", monospace; }
  `);
  #state = make("div", { class: "state", role: "status" });
  #form = make("form", { novalidate: true, submit: (event) => event.preventDefault() });
  #isSubmitting = false;
  #isRestoring = false;

  render() {
    this.#form.append(make("slot"));
    this.shadowRoot.append(this.#form, make("slot", { name: "submit" }), this.#state);
    this.addEventListener("click", (event) => this.#clicked(event));
    if (![...this.querySelectorAll(`${submitters}, button, input`)].some(isSubmitter)) {
      this.append(make("crowd-button", { "form-action": "submit", variant: "primary", slot: "submit" }, "Submit"));
    }
  }

  /** The inner form: what scripts append to it is submitted with the rest. */
  get form() { return this.#form; }

  /** The controls of this form, in tree order. */
  get #controls() {
    const host = this.getRootNode().host;
    const owner = host?.ownsForm?.(this) ? [host] : [];
    return [...new Set([...owner, ...controls([this, ...owner, this.#form])])];
  }

  /** The answer as it stands. */
  get answer() { return collectAnswer(this.#controls); }

  /** Whether this form has a control in its answer. */
  owns(control) { return Boolean(control.name) && this.#controls.includes(control); }

  /** What scripts keep in hidden fields: it comes back with no draft. */
  get hiddenValues() { return this.#controls.filter((control) => control.type === "hidden").map((control) => control.value); }

  /** Whether a click or Enter submits by now. */
  get isSettled() { return isSettled(); }

  /** Puts an earlier answer back. A page that submits on every choice does not do so for this one. */
  restore(answer) {
    this.#isRestoring = true;
    try {
      const known = this.#controls;
      restoreControls(known, answer);
      // A choice may have brought further questions.
      restoreControls(this.#controls.filter((control) => !known.includes(control)), answer);
    } finally {
      this.#isRestoring = false;
    }
  }

  /** Sends the answer, once; after a failure again. */
  async submit() {
    if (this.#isSubmitting || this.#isRestoring || isLeftOver() || !this.#isComplete()) return;
    if (!this.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }))) return;
    this.#isSubmitting = true;
    this.#say("Sending the answer …");
    try {
      const answer = this.answer;
      const reply = await submitAnswer(answer);
      if (reply.next) return location.assign(reply.next);
      this.#isSubmitting = !reply.preview;
      if (!reply.preview) return this.#say("The answer was sent.");
      const shown = make("pre", {}, JSON.stringify(answer, null, 2));
      this.#say("This is a preview: nothing was sent. The answer would be", shown);
    } catch (error) {
      this.#say(error.message);
      this.#state.classList.add("failed");
      this.#isSubmitting = false;
    }
  }

  reset() {
    if (!this.dispatchEvent(new Event("reset", { bubbles: true, cancelable: true }))) return;
    resetControls(this.#controls);
    this.#say();
  }

  #isComplete() {
    const wrong = showFirstProblem(this.#controls);
    if (!wrong) return true;
    this.#say();
    if (!wrong.checkVisibility({ visibilityProperty: true })) {
      const name = wrong.name || wrong.localName;
      this.#say(`“${name}” has to be filled in, but this page does not show it. Please tell the owner of the job.`);
      this.#state.classList.add("failed");
    }
    return false;
  }

  #say(...content) {
    this.#state.classList.remove("failed");
    this.#state.replaceChildren(...content);
  }

  /** Plain buttons, of the page and not of some element's inside; one without a type submits, as in HTML. */
  #clicked(event) {
    const trees = [this.getRootNode(), this.shadowRoot];
    const pressed = event.composedPath().find((node) => isPlainButton(node) && trees.includes(node.getRootNode()));
    if (!pressed || pressed.matches(":disabled") || event.defaultPrevented) return;
    if (pressed.type === "submit") this.submit();
    else if (pressed.type === "reset") this.reset();
  }
}
