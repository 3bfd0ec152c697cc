import { make } from "../shared/dom.js";
import { clock } from "./words.js";

const shortSeconds = 300;

/** Above a task: the way back, what the task is, and how long it stays in the worker's hands. */
export class TaskBar {
  #time = make("span", { class: "time" });
  #state = make("span", { class: "state", role: "status" });
  #kept = make("span", { class: "soft" });
  #actions = make("span", { class: "row" });

  constructor(element, title) {
    element.replaceChildren(
      make("a", { href: "/portal/" }, "Your jobs"), make("span", { class: "title" }, title), this.#state,
      make("div", { class: "end" }, this.#kept, this.#time, this.#actions));
  }

  /** @param {...(string|Node)} content A sentence, and what belongs to it. */
  say(...content) { this.#state.replaceChildren(...content); }

  /** Where the work is kept, in quiet words that are not read out. */
  sayKept(sentence) { this.#kept.textContent = sentence; }

  /** What can be done with the task, besides answering it; nothing once it is in nobody's hands. */
  offer(...buttons) { this.#actions.replaceChildren(...buttons); }

  /** @param {function()} ended Called when the time is over. */
  count(seconds, ended) {
    const end = performance.now() + seconds * 1000;
    const tick = () => {
      const left = Math.max(0, (end - performance.now()) / 1000);
      this.#time.textContent = `${clock(left)} left`;
      this.#time.classList.toggle("short", left < shortSeconds);
      if (left > 0) return setTimeout(tick, 1000);
      ended();
    };
    tick();
  }
}

/** Asks before something that cannot be undone. */
export function confirmed(question, consequence, action) {
  return new Promise((resolve) => {
    const dialog = make(
      "dialog", { "aria-label": question, close: () => { dialog.remove(); resolve(dialog.returnValue === "yes"); } },
      make("h2", {}, question), make("p", {}, consequence),
      make(
        "div", { class: "row" }, make("button", { type: "button", class: "button primary", click: () => dialog.close("yes") }, action),
        make("button", { type: "button", class: "button", click: () => dialog.close("no") }, "Cancel")));
    document.body.append(dialog);
    dialog.showModal();
  });
}
