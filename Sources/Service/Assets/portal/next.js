import { make } from "../shared/dom.js";
import { send } from "../shared/server.js";
import { problem, say } from "./site.js";
import { waitingSentence } from "./sentences.js";

const retryMilliseconds = 5_000;
const job = location.pathname.split("/").at(-2);

/** Takes the next task and goes there; while there is none, says why and asks again. */
async function next() {
  try {
    const { task, job: view } = await send("POST", `/tasks/${job}`);
    if (task) return location.replace(task.page);
    const sentence = waitingSentence(view) ?? "No tasks now.";
    if (document.querySelector("[data-sentence]")?.textContent !== sentence) show(view, sentence);
    if (view.status === "InProgress" || view.status === "Initializing") setTimeout(next, retryMilliseconds);
  } catch (error) {
    say("There is no task", problem(error), make("p", {}, make("a", { href: "/portal/" }, "Your jobs")));
  }
}

function show(view, sentence) {
  say(
    view.title, make("p", { "data-sentence": true, role: "status" }, sentence),
    make("p", { class: "soft" }, `${view.answered} answered by you. This page looks for a task by itself.`),
    make(
      "div", { class: "row" }, make("a", { class: "button", href: "/portal/" }, "Your jobs"),
      view.answered ? make("a", { class: "button", href: `/portal/jobs/${view.name}/answers` }, "Your answers") : null));
}

next();
