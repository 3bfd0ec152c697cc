import { make } from "../shared/dom.js";
import { span } from "./words.js";

function table(label, head, rows) {
  return make(
    "div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, make("h3", {}, label), make(
      "table", {},
      make("thead", {}, make("tr", {}, ...head.map((word, index) => make("th", { class: index ? "number" : null, scope: "col" }, word)))),
      make("tbody", {}, ...rows.map((cells) => make("tr", {}, ...cells.map((cell, index) => make(
        index ? "td" : "th", { class: index ? "number" : null, scope: index ? null : "row" }, cell)))))));
}

/** With the interval in which 95 of 100 such values lie. */
function estimate(found) {
  return found ? `${found.value.toFixed(2)} (${found.low.toFixed(2)}–${found.high.toFixed(2)})` : "–";
}

export function agreementTable({ overall, labels }) {
  const row = (name, found) => [name, ...["exact-f1", "overlap-f1", "label-f1", "fleiss-kappa", "unitizing-alpha"].map((measure) => estimate(found[measure]))];
  return table(
    "Agreement between workers", ["", "Exact F1", "Overlap F1", "Label F1", "Fleiss' κ", "Unitizing α"],
    [row("All labels", overall), ...labels.map((label) => row(label.label, label))]);
}

export function workerTable(workers) {
  const percent = (value) => value === null ? "–" : `${Math.round(value * 100)} %`;
  const rows = workers.map((worker) => [
    worker["worker-id"], String(worker.documents), String(worker.spans), percent(worker.agreement.f1), percent(worker.agreement.precision),
    percent(worker.agreement.recall), worker["median-seconds"] === null ? "–" : span(worker["median-seconds"]),
    worker.suspicions.map((suspicion) => suspicion.explanation).join(" ") || "–",
  ]);
  return table("Workers", ["Worker", "Objects", "Spans", "F1 with the others", "Precision", "Recall", "Median time", "Noticed"], rows);
}
