import { make, sheet } from "../shared/dom.js";
import { collectAnswer, controls, reportValidity, resetControls } from "./answer.js";
import { CrowdElement } from "./element.js";
import { submitAnswer } from "./submission.js";

const submitters = "crowd-button[form-action=submit], button[type=submit], input[type=submit]";

/**
 * `crowd-form`: builds the answer of the controls in it and sends it.
 *
 * A script may assign `onsubmit` or listen for `submit`: it runs after validation and before the answer is collected, and may
 * cancel. `submit()` and `reset()` do what the buttons do. Elements appended to `form` are part of the answer too.
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

  render() {
    this.#form.append(make("slot"));
    this.shadowRoot.append(this.#form, make("slot", { name: "submit" }), this.#state);
    this.addEventListener("click", (event) => this.#clicked(event));
    if (!this.querySelector(submitters)) {
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

  /** Sends the answer, once; after a failure again. */
  async submit() {
    if (this.#isSubmitting || !reportValidity(this.#controls)) return;
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

  #say(...content) {
    this.#state.classList.remove("failed");
    this.#state.replaceChildren(...content);
  }

  /** Plain buttons; a `crowd-button` finds its form itself. */
  #clicked(event) {
    const pressed = event.composedPath().find((node) => node instanceof Element && node.matches("button[type], input[type]"));
    if (!pressed || pressed.disabled || event.defaultPrevented) return;
    if (pressed.getAttribute("type") === "submit") this.submit();
    else if (pressed.getAttribute("type") === "reset") this.reset();
  }
}
