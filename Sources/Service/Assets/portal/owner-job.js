import { make } from "../shared/dom.js";
import { send } from "../shared/server.js";
import { agreementTable, workerTable } from "./owner-report.js";
import { settingsList } from "./owner-settings.js";
import { apiOf, done, pageOf, repeat, run, showOwner, status, wanted } from "./owner-site.js";
import { problem } from "./site.js";
import { confirmed } from "./task-bar.js";
import { count, moment } from "./words.js";

const name = decodeURIComponent(location.pathname.split("/").at(-1));
const live = make("div", { class: "stack" });
const failed = make("div", { class: "stack" });
const report = make("section", { class: "panel", "aria-label": "Workers and agreement" });
let shownFailures = -1;

async function page() {
  const job = await send("GET", apiOf(name));
  showOwner([heading(job), live, failed, report, settings(job)]);
  await refresh(job);
  report.replaceChildren(...reportIntroduction(job));
}

async function refresh(given) {
  const job = given ?? await send("GET", apiOf(name));
  live.replaceChildren(overview(job), ...(job.failureReason ? [make("p", { class: "notice problem" }, job.failureReason)] : []));
  document.getElementById("status").replaceChildren(status(job));
  document.getElementById("stop").hidden = !["InProgress", "Initializing"].includes(job.status);
  if (job.counters.failed !== shownFailures) await showFailures(job);
}

function heading(job) {
  const stop = make("button", { type: "button", class: "button danger", id: "stop", click: () => stopJob() }, "Stop");
  return make(
    "div", { class: "row spread" },
    make("div", {}, make("h1", {}, job.name), make("p", { class: "soft" }, job.title)),
    make("span", { id: "status" }),
    make(
      "div", { class: "row" }, make("a", { class: "button", href: `${pageOf(name)}/preview/0` }, "View labeling tool"),
      make("a", { class: "button", href: `${apiOf(name)}/output`, download: true }, "Download output"), stop));
}

async function stopJob() {
  if (!await confirmed("Stop this job?", "What is answered is consolidated and written. A stopped job does not go on.", "Stop")) return;
  await send("POST", `${apiOf(name)}/stop`).catch((error) => live.prepend(problem(error)));
  await refresh();
}

// How it stands.

function overview(job) {
  const { counters, progress } = job;
  const figure = (value, label) => make("div", { class: "figure" }, make("b", {}, value.toLocaleString("en")), make("span", {}, label));
  return make(
    "section", { class: "panel", "aria-label": "Progress" },
    make("progress", { value: done(counters), max: Math.max(1, wanted(counters)), "aria-label": "Objects done" }),
    make(
      "div", { class: "figures" }, figure(counters.total, "objects"), figure(counters.labeled, "labeled"), figure(counters.failed, "failed"),
      figure(counters.unlabeled, "unlabeled"), figure(progress.answers, "answers"), figure(progress.workers, "workers")),
    ...sentences(job).map((sentence) => make("p", {}, sentence)));
}

/** Which batch is open, why tasks wait, and when the end is to be expected. */
function sentences(job) {
  const { progress } = job;
  if (job.status === "Initializing") return ["The manifest is being read."];
  if (job.status === "Stopping") return ["The job is stopping: what is answered is being consolidated."];
  if (job.status !== "InProgress") return [`Last answer ${progress.lastAnswer ? moment(progress.lastAnswer) : "never"}.`];
  const lines = [
    `Batch ${progress.batch} is open: ${count(progress.offered, "object")} with workers, ${count(progress.openAnswers, "answer")} that nobody works on, ` +
      `${count(progress.held, "task")} in workers' hands, ${count(progress.answered, "object")} waiting for consolidation.`,
  ];
  if (progress.waiting)
    lines.push(`${count(progress.waiting, "object")} wait for a later batch: it opens when every object of this one is done or no longer offered.`);
  if (progress.offered && !progress.held && progress.openAnswers)
    lines.push(
      `Tasks wait for workers: ${progress.answers ? "nobody has one in hand, and each object wants answers of different people" : "nobody has taken one"}. ` +
        `They are offered until ${moment(progress.offeredUntil)}.`);
  lines.push(progress.expectedEnd ? `At the pace of the last hour the last answer comes about ${moment(progress.expectedEnd)}.`
    : "There are too few answers in the last hour to expect an end.");
  return lines;
}

async function showFailures(job) {
  shownFailures = job.counters.failed;
  if (!shownFailures) return failed.replaceChildren();
  const { objects, next } = await send("GET", `${apiOf(name)}/objects?state=failed`);
  const rows = objects.map((object) => make(
    "tr", {}, make("td", { class: "number" }, String(object.number)), make("td", {}, object.failure ?? ""), make("td", { class: "id" }, object.line.slice(0, 200))));
  failed.replaceChildren(make(
    "section", { class: "panel scroll", tabindex: "0", role: "region", "aria-label": "Failed objects" }, make("h2", {}, "Failed objects"),
    make(
      "table", {},
      make("thead", {}, make("tr", {}, ...["Object", "Reason", "Manifest line"].map((word) => make("th", { scope: "col" }, word)))),
      make("tbody", {}, ...rows)), next === null ? null : make("p", { class: "soft" }, "The first hundred are shown; the output manifest has all.")));
}

// Agreement and workers: worked out when asked for, as it takes a moment.

function reportIntroduction(job) {
  const title = make("h2", {}, "Workers and agreement");
  const button = make("button", { type: "button", class: "button", click: () => showReport(button, job.answerKind) }, "Show agreement and workers");
  const disputes = job.answerKind === "spans" ? make("a", { class: "button", href: `${pageOf(name)}/disputes` }, "Decide disputed places") : null;
  return [
    title, make("p", { class: "soft" }, "Over the answers to up to 1,000 labeled objects, spread evenly over the job."),
    make("div", { class: "row" }, button, disputes),
  ];
}

async function showReport(button, answerKind) {
  button.disabled = true;
  button.textContent = "Working it out …";
  try {
    const { agreement, workers, objects } = await send("GET", `${apiOf(name)}/report`);
    button.replaceWith();
    report.append(
      make("p", {}, `${count(objects, "labeled object")}, ${count(agreement.workers, "worker")}.`), agreementTable(agreement, answerKind),
      workerTable(workers, answerKind));
  } catch (error) {
    button.disabled = false;
    button.textContent = "Show agreement and workers";
    report.append(problem(error));
  }
}

function settings(job) {
  return make("section", { class: "panel", "aria-label": "Settings" }, make("h2", {}, "Settings"), settingsList(job));
}

run(page).then(() => repeat(() => refresh(), 3000));
