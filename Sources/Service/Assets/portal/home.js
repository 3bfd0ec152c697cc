import { make } from "../shared/dom.js";
import { send } from "../shared/server.js";
import { waitingSentence } from "./sentences.js";
import { problem, say, show } from "./site.js";
import { clock, count, span } from "./words.js";

const refreshMilliseconds = 10_000;

/** Grows with every view: a list that comes once another view is shown is too late. */
let views = 0;

async function refresh() {
  const view = ++views;
  try {
    const { jobs } = await send("GET", "/tasks/jobs");
    if (view !== views) return;
    show([["Your jobs", "/portal/"]], page(jobs), make("button", { type: "button", class: "button", click: leave }, "Sign out"));
    const again = () => { if (view === views) refresh(); };
    setTimeout(() => { if (!document.hidden) again(); else document.addEventListener("visibilitychange", again, { once: true }); },
      refreshMilliseconds);
  } catch (error) {
    if (view !== views) return;
    if (error.status === 401) signIn();
    else say("Your jobs cannot be shown", problem(error));
  }
}

function page(jobs) {
  if (!jobs.length) return [make("h1", {}, "Your jobs"), make("p", {}, "Your teams have no jobs now.")];
  return [make("h1", {}, "Your jobs"), ...jobs.map(card)];
}

function card(job) {
  const waits = waitingSentence(job);
  const facts = [
    count(job.open, "task to do", "tasks to do"), `${job.answered.toLocaleString("en")} answered by you`,
    job.held ? `task ${job.held.number + 1} is in your hands, ${clock(job.held.secondsLeft)} left` : null,
    job.secondsLeft !== null ? `offered for ${span(job.secondsLeft)} more` : null,
    `${span(job.taskSeconds)} a task`,
  ].filter(Boolean).map((fact) => make("span", {}, fact));
  return make(
    "article", { class: "panel job" },
    make(
      "div", {}, make("h2", {}, job.title), job.description ? make("p", {}, job.description) : null,
      make("div", { class: "counts" }, ...facts), waits ? make("p", { class: "notice" }, waits) : null),
    make(
      "div", { class: "row" }, job.answered ? make("a", { href: `/portal/jobs/${job.name}/answers` }, "Your answers") : null,
      waits ? null : make("a", { class: "button primary", href: job.start }, job.held ? "Continue" : "Start")));
}

async function leave() {
  views += 1;
  await send("DELETE", "/portal/session").catch(() => null);
  signIn();
}

function signIn() {
  views += 1;
  document.querySelector("header.site")?.remove();
  const { signIn: address, signInHost: host } = document.getElementById("main").dataset;
  const field = make("input", { id: "link", required: true, autocomplete: "off", spellcheck: "false" });
  const answer = make("div", { role: "status" });
  const form = make(
    "form", { submit: async (event) => {
      event.preventDefault();
      try {
        await send("POST", "/portal/session", { pass: field.value.trim().split("#").pop() });
        refresh();
      } catch (error) {
        answer.replaceChildren(problem(error));
      }
    } },
    make("div", { class: "field" }, make("label", { for: "link" }, "Your link, or the token in it"), field), answer,
    make("div", { class: "row spread" }, make("button", { class: address ? "button" : "button primary" }, "Sign in"), make("a", { href: "/portal/owner" }, "Owner's pages")));
  const button = address ? make("a", { class: "button primary", href: address }, `Sign in with ${host}`) : null;
  const sentence = "pen the link that you were given, or put it in here.";
  say("Sign in", button ? make("div", {}, button) : null, make("p", {}, button ? `Or o${sentence}` : `O${sentence}`), form);
}

refresh();
