import { make } from "../shared/dom.js";
import { clock } from "./words.js";

const shortSeconds = 300;

/** Above a task: the way back, what the task is, and how long it stays in the worker's hands. */
export class TaskBar {
  #time = make("span", { class: "time" });
  #state = make("span", { role: "status" });

  constructor(element, title, actions) {
    element.replaceChildren(
      make("a", { href: "/portal/" }, "Your jobs"), make("span", { class: "title" }, title), this.#state,
      make("div", { class: "end" }, this.#time, ...actions));
  }

  say(sentence) { this.#state.textContent = sentence; }

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
