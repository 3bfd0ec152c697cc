import { make } from "../shared/dom.js";
import { moment } from "./words.js";

/** Every setting of a job, as CreateLabelingJob was given it: members by their paths. */
export function settingsList(job) {
  const rows = [["ARN", job.arn], ["Created", moment(job.created)], ["Changed", moment(job.modified)], ["Output manifest", job.output],
    ...members(job.request, [])];
  return make("dl", {}, ...rows.flatMap(([name, value]) => [make("dt", {}, ...breakable(name)), make("dd", {}, value)]));
}

/** A member's path may part at its dots. */
function breakable(path) { return path.split(/(?<=\.)/).flatMap((part, index) => index ? [make("wbr"), part] : [part]); }

function members(value, path) {
  if (Array.isArray(value) && value.every((element) => typeof element !== "object")) return [[path.join("."), value.join(", ")]];
  if (value && typeof value === "object") return Object.entries(value).flatMap(([name, inner]) => members(inner, [...path, name]));
  return [[path.join("."), String(value)]];
}
