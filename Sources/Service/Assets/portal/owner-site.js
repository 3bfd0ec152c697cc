import { make } from "../shared/dom.js";
import { send } from "../shared/server.js";
import { problem, say, show } from "./site.js";

export const home = "/portal/owner";
export const api = "/portal/api/jobs";
export const pageOf = (job) => `${home}/jobs/${encodeURIComponent(job)}`;
export const apiOf = (job) => `${api}/${encodeURIComponent(job)}`;

/** Shows content under the owner's head. */
export function showOwner(content) {
  const leave = make("button", { type: "button", class: "button", click: async () => {
    await send("DELETE", `${home}/session`).catch(() => null);
    location.assign(home);
  } }, "Sign out");
  show([["Labeling jobs", home], ["New job", `${home}/new`]], content, ...("hasKey" in document.getElementById("main").dataset ? [leave] : []));
}

/** Runs a page's script; asks for a key where one is wanted, and says what else is wrong. */
export async function run(page) {
  try {
    await page();
  } catch (error) {
    if (error.status === 401) signIn(page);
    else say("This page cannot be shown", problem(error), make("p", {}, make("a", { href: home }, "Labeling jobs")));
  }
}

function signIn(page) {
  document.querySelector("header.site")?.remove();
  const field = make("input", { id: "key", type: "password", required: true, autocomplete: "current-password" });
  const answer = make("div", { role: "status" });
  const form = make(
    "form", { submit: async (event) => {
      event.preventDefault();
      try {
        await send("POST", `${home}/session`, { key: field.value });
        if (document.querySelector(".task-page") || location.pathname.includes("/preview/")) location.reload();
        else run(page);
      } catch (error) {
        answer.replaceChildren(problem(error));
      }
    } },
    make("div", { class: "field" }, make("label", { for: "key" }, "Key of the service"), field), answer,
    make("div", {}, make("button", { class: "button primary" }, "Sign in")));
  say("Owner's pages", make("p", {}, "Sign in with one of the keys that the service was started with."), form);
}

/** Again every few seconds while the page is looked at. */
export function repeat(action, milliseconds) {
  setTimeout(async () => {
    if (!document.hidden) await action().catch(() => null);
    repeat(action, milliseconds);
  }, milliseconds);
}

export function status(job) {
  const words = { InProgress: "In progress" };
  const failed = job.status === "Completed" && job.counters.failed ? " with labeling errors" : "";
  return make("span", { class: "status", "data-status": job.status }, `${words[job.status] ?? job.status}${failed}`);
}

export function done(counters) {
  return counters.labeled + counters.failed;
}

/** Of the objects that are to be labeled: those that came with a label are none. */
export function wanted(counters) {
  return counters.labeled + counters.failed + counters.unlabeled;
}
