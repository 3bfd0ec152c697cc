import { make } from "../shared/dom.js";
import { send } from "../shared/server.js";
import { api, done, home, pageOf, repeat, run, showOwner, status, wanted } from "./owner-site.js";
import { moment } from "./words.js";

async function page() {
  const { jobs } = await send("GET", api);
  const create = make("a", { class: "button primary", href: `${home}/new` }, "New job");
  const title = make("div", { class: "row spread" }, make("h1", {}, "Labeling jobs"), create);
  showOwner([title, jobs.length ? table(jobs) : nothing()]);
}

function nothing() {
  return make("section", { class: "panel" }, make("p", {}, "There are no jobs yet. Make one here, with "), make(
    "p", { class: "id" }, "prelabel job create"), make("p", {}, "or by SageMaker's CreateLabelingJob."));
}

function table(jobs) {
  const head = ["Name", "Status", "Progress", "Labeled", "Failed", "Unlabeled", "Created"];
  const numbers = new Set(["Labeled", "Failed", "Unlabeled"]);
  return make(
    "div", { class: "panel scroll", tabindex: "0", role: "region", "aria-label": "Labeling jobs" }, make(
      "table", {}, make("thead", {}, make("tr", {}, ...head.map((name) => make("th", { class: numbers.has(name) ? "number" : null, scope: "col" }, name)))),
      make("tbody", {}, ...jobs.map(row))));
}

function row(job) {
  const { counters } = job;
  const number = (value) => make("td", { class: "number" }, value.toLocaleString("en"));
  return make(
    "tr", {}, make("td", {}, make("a", { href: pageOf(job.name) }, job.name), make("div", { class: "soft small" }, job.title)),
    make("td", {}, status(job)),
    make("td", {}, make("progress", { value: done(counters), max: Math.max(1, wanted(counters)), "aria-label": `${job.name}: objects done` })),
    number(counters.labeled), number(counters.failed), number(counters.unlabeled), make("td", {}, moment(job.created)));
}

run(page).then(() => repeat(page, 5000));
