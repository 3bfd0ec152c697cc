import { make } from "../shared/dom.js";
import { send } from "../shared/server.js";
import { api, pageOf, run, showOwner } from "./owner-site.js";
import { requestOf } from "./new-job.js";
import { problem } from "./site.js";

/** One a field: its id, the member of CreateLabelingJob that it becomes, what it is called, and what is said below it. */
const fields = {
  name: ["LabelingJobName", "Name", "Letters, digits and hyphens, at most 63. Outputs go into a folder of this name.", { required: true, maxlength: 63, pattern: "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}" }],
  title: ["HumanTaskConfig.TaskTitle", "Title", "What workers read in their list.", { required: true, maxlength: 128 }],
  about: ["HumanTaskConfig.TaskDescription", "Description", "One sentence for workers.", { required: true, maxlength: 255 }],
  manifest: ["InputConfig.DataSource.S3DataSource.ManifestS3Uri", "Input manifest", "s3://BUCKET/KEY", { required: true, pattern: "s3://.+/.+", placeholder: "s3://papers/text/input.manifest" }],
  output: ["OutputConfig.S3OutputPath", "Output folder", "s3://BUCKET/FOLDER", { required: true, pattern: "s3://.+", placeholder: "s3://papers/out" }],
  attribute: ["LabelAttributeName", "Label attribute", "The key of the label in the output lines. Empty: the job's name.", { maxlength: 127, pattern: "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,126}" }],
  labels: ["LabelCategoryConfigS3Uri", "Labels", "One a line; or the s3:// address of a label category file.", { required: true, rows: 6 }],
  instructions: ["LabelCategoryConfigS3Uri.instructions", "Instructions", "What workers are to do. HTML is taken.", { rows: 6 }],
  kind: ["HumanTaskConfig.PreHumanTaskLambdaArn", "Task"],
  before: ["HumanTaskConfig.PreHumanTaskLambdaArn", "Pre-annotation function", "An ARN or a name, such as pre-annotation.", {}],
  after: ["HumanTaskConfig.AnnotationConsolidationConfig.AnnotationConsolidationLambdaArn", "Post-annotation function", "An ARN or a name, such as post-annotation.", {}],
  template: ["HumanTaskConfig.UiConfig.UiTemplateS3Uri", "Worker template", "s3:// address. Empty: the page of the task.", { pattern: "s3://.+/.+" }],
  team: ["HumanTaskConfig.WorkteamArn", "Work team"],
  answers: ["HumanTaskConfig.NumberOfHumanWorkersPerDataObject", "Answers an object", "1 to 9 different workers.", { type: "number", min: 1, max: 9, value: 3, required: true }],
  minutes: ["HumanTaskConfig.TaskTimeLimitInSeconds", "Minutes a task", "After them a task goes back. 1 to 480.", { type: "number", min: 1, max: 480, value: 60, required: true }],
  days: ["HumanTaskConfig.TaskAvailabilityLifetimeInSeconds", "Days offered", "What nobody answers by then fails. 1 to 30.", { type: "number", min: 1, max: 30, value: 30, required: true }],
  concurrent: ["HumanTaskConfig.MaxConcurrentTaskCount", "Objects a batch", "1 to 5000.", { type: "number", min: 1, max: 5000, value: 1000, required: true }],
  key: ["OutputConfig.KmsKeyId", "KMS key", "For outputs on S3. May be empty.", { pattern: "[a-zA-Z0-9:/_\\-]*" }],
  role: ["RoleArn", "Role", "As whom the functions work on AWS; here it is only kept.", { required: true, minlength: 20, value: "arn:aws:iam::000000000000:role/prelabel" }],
};
const kinds = [
  ["spans", "Mark spans in texts"], ["NamedEntityRecognition", "Mark spans in texts, consolidated by Ground Truth's rule"], ["TextMultiClass", "One label a text"], ["TextMultiClassMultiLabel", "Several labels a text"],
  ["custom", "Functions of one's own"],
];

async function page() {
  const { teams, region } = await send("GET", "/portal/api/teams");
  const summary = make("div", { role: "alert" });
  const form = make(
    "form", { novalidate: true, submit: (event) => { event.preventDefault(); create(form, summary, region); } },
    section("What", field("name"), field("title"), field("about"), select("kind", kinds)),
    section("In and out", field("manifest"), field("output"), field("attribute"), field("key")),
    section("Labels", area("labels"), area("instructions")),
    section("Page and functions", field("template"), field("before"), field("after"), field("role")),
    section("Workers", select("team", teamChoices(teams, region)), field("answers"), field("minutes"), field("days"), field("concurrent")),
    summary, make("div", {}, make("button", { class: "button primary" }, "Create the job")));
  showOwner([make("h1", {}, "New labeling job"), ...(teams.length ? [] : [noTeams()]), make("section", { class: "panel" }, form)]);
  form.elements.name.addEventListener("input", () => { form.attribute.placeholder = form.elements.name.value; });
  const showFunctions = () => {
    for (const id of ["before", "after"]) document.getElementById(id).closest(".field").hidden = form.kind.value !== "custom";
  };
  form.kind.addEventListener("change", showFunctions);
  showFunctions();
}

function noTeams() {
  return make("p", { class: "notice warning" }, "There is no private work team yet: make one with ", make("code", {}, "prelabel team create NAME --member MAIL"), ".");
}

function teamChoices(teams, region) {
  const open = `arn:aws:sagemaker:${region}:394669845002:workteam/public-crowd/default`;
  return [...teams.map((team) => [team.arn, `${team.name} (${team.members})`]), [open, "Everybody with the open link"]];
}

function section(title, ...content) {
  return make("fieldset", {}, make("legend", {}, title), make("div", { class: "fields" }, ...content));
}

function labelled(id, control) {
  const [, words, hint] = fields[id];
  const note = make("small", { id: `${id}-note` }, hint ?? "");
  control.addEventListener("input", () => complain(id, ""));
  return make("div", { class: "field" }, make("label", { for: id }, words), control, note);
}

function field(id) {
  return labelled(id, make("input", { id, name: id, "aria-describedby": `${id}-note`, autocomplete: "off", ...fields[id][3] }));
}

function area(id) {
  return labelled(id, make("textarea", { id, name: id, "aria-describedby": `${id}-note`, ...fields[id][3] }));
}

function select(id, choices) {
  return labelled(id, make("select", { id, name: id, "aria-describedby": `${id}-note` }, ...choices.map(([value, words]) => make("option", { value }, words))));
}

/** Says at a field what is wrong with it; with an empty sentence what is said of it always. */
function complain(id, sentence) {
  const note = document.getElementById(`${id}-note`);
  note.textContent = sentence || (fields[id][2] ?? "");
  note.className = sentence ? "bad" : "";
  document.getElementById(id).setAttribute("aria-invalid", String(Boolean(sentence)));
}

function problemOf(control) {
  const { validity } = control;
  if (validity.valueMissing) return "This must be filled in.";
  if (validity.patternMismatch) return `This does not have the form that is expected. ${fields[control.id][2] ?? ""}`;
  if (validity.rangeUnderflow || validity.rangeOverflow) return `Expected ${control.min} to ${control.max}.`;
  if (validity.badInput) return "Expected a number.";
  if (validity.tooShort) return `Expected at least ${control.minLength} characters.`;
  return validity.valid ? "" : control.validationMessage;
}

let isCreating = false;

async function create(form, summary, region) {
  if (isCreating) return;
  summary.replaceChildren();
  const wrong = [...form.elements].filter((control) => fields[control.id]).filter((control) => {
    const sentence = control.closest("[hidden]") ? "" : problemOf(control);
    complain(control.id, sentence);
    return sentence;
  });
  if (wrong.length) return wrong[0].focus();
  const values = Object.fromEntries(new FormData(form));
  // As on AWS's own form.
  values.attribute ||= values.name;
  isCreating = true;
  try {
    await requireNewName(values.name);
    // A job with a manifest that cannot be read would be made, as on AWS, and fail at once.
    await send("GET", `/portal/api/effort?manifest=${encodeURIComponent(values.manifest)}`).catch((error) => {
      throw Object.assign(error, { field: "manifest" });
    });
    await send("POST", api, requestOf(values, region));
    location.assign(pageOf(values.name));
  } catch (error) {
    const id = error.field ?? fieldOf(error.message);
    if (id) {
      complain(id, error.message);
      document.getElementById(id).focus();
    } else {
      summary.replaceChildren(problem(error));
    }
  } finally {
    isCreating = false;
  }
}

/** Job names that differ in case alone are one name: the existing one is said. */
async function requireNewName(name) {
  const { jobs } = await send("GET", api);
  const same = jobs.find((job) => job.name.toLowerCase() === name.toLowerCase());
  if (same) throw Object.assign(new Error(`There is a job ${same.name} already. Names that differ in case alone are one name.`), { field: "name" });
}

/** The field that a refusal names, by the last part of its member, in any case. */
function fieldOf(message) {
  const text = message.toLowerCase();
  return Object.keys(fields).find((id) => text.includes(fields[id][0].split(".").at(-1).toLowerCase()));
}

run(page);
