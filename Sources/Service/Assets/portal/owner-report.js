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
  return found ? `${decimal(found.value)} (${decimal(found.low)} to ${decimal(found.high)})` : "–";
}

const decimal = (value) => value.toFixed(2).replace("-", "−");

const spanMeasures = { "exact-f1": "Exact F1", "overlap-f1": "Overlap F1", "label-f1": "Label F1", "fleiss-kappa": "Fleiss' κ", "unitizing-alpha": "Unitizing α" };
/** Of a class the F1 of two workers is the share of objects in which they agree. */
const classMeasures = { "exact-f1": "F1", "fleiss-kappa": "Fleiss' κ" };

/** @param {"spans"|"class"|"classes"} answerKind What workers answer with. */
export function agreementTable({ overall, labels }, answerKind) {
  const measures = answerKind === "spans" ? spanMeasures : classMeasures;
  // κ wants one class an object: where there may be several, each label has its own.
  if (answerKind === "classes") overall = { ...overall, "fleiss-kappa": null };
  const row = (name, found) => [name, ...Object.keys(measures).map((measure) => estimate(found[measure]))];
  return table(
    "Agreement between workers", ["", ...Object.values(measures)], [row("All labels", overall), ...labels.map((label) => row(label.label, label))]);
}

export function workerTable(workers, answerKind) {
  const percent = (value) => value === null ? "–" : `${Math.round(value * 100)} %`;
  const rows = workers.map((worker) => [
    worker["worker-id"], String(worker.documents), String(worker.spans), percent(worker.agreement.f1), percent(worker.agreement.precision),
    percent(worker.agreement.recall), worker["median-seconds"] === null ? "–" : span(worker["median-seconds"]),
    worker.suspicions.map((suspicion) => suspicion.explanation).join(" ") || "–",
  ]);
  return table("Workers", ["Worker", "Objects", answerKind === "spans" ? "Spans" : "Classes", "F1 with other workers", "Precision", "Recall", "Median time", "Noticed"], rows);
}
