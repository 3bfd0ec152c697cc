import { isTyping, make } from "../shared/dom.js";
import { send } from "../shared/server.js";
import { apiOf, pageOf, run, showOwner } from "./owner-site.js";
import { problem } from "./site.js";
import { count } from "./words.js";

const name = decodeURIComponent(location.pathname.split("/").at(-2));
const reasons = {
  marked: "somebody marked it", "over-half": "more than half of the workers marked exactly this", cluster: "most frequent among similar marks",
  "likely-tokens": "likeliest word by word, given how reliable each worker is", "likely-sequence": "likeliest sequence, given how each worker marks",
  "likely-mean": "likeliest by both models of the workers",
};
/** The stretch of objects at hand: its first and last number, where the next one begins, and its disputed places. */
let stretch = { first: 0, last: null, next: null, disputes: [], left: 0 };
let current = 0;
let decided = 0;
let skipped = 0;
let skippedHere = 0;
/** Whether a decision is on its way: a key pressed meanwhile was meant for the next place, which nobody has seen yet. */
let isDeciding = false;

/** Shows the disputed places from an object on, of the first stretch that has any, or what is left of this one. */
async function page(first = 0) {
  if (first !== stretch.first) skippedHere = 0;
  do {
    if (first) showOwner([title(), make("p", { role: "status" }, `Looking at the answers from object ${first} on …`)]);
    stretch = { first, ...await send("GET", `${apiOf(name)}/disputes?from=${first}&skip=${skippedHere}`) };
    first = stretch.next;
    if (!stretch.disputes.length) skippedHere = 0;
  } while (!stretch.disputes.length && first !== null);
  current = 0;
  draw();
}

function title() {
  return make(
    "div", { class: "row spread" }, make("h1", {}, "Disputed places"), make("a", { class: "button", href: pageOf(name) }, "Back to the job"));
}

function draw(error) {
  const { disputes, left, first, last } = stretch;
  const dispute = disputes[current];
  if (!dispute) return showOwner([title(), finished()]);
  showOwner([title(), make(
    "section", { class: "panel dispute", "aria-label": "Disputed place" },
    make(
      "div", { class: "row spread soft" }, make("span", {}, `Place ${current + 1} of ${disputes.length + left} in objects ${first} to ${last}`),
      make("span", {}, `Object ${dispute.number}, ${count(dispute.answers, "answer")}`)),
    make("p", { class: "context" }, wholeWords(dispute.before, "end"), make("mark", {}, dispute.text), wholeWords(dispute.after, "start")),
    make("div", { class: "choices", role: "group", "aria-label": "Choices" }, ...dispute.readings.map(choice), choice(null)),
    make(
      "div", { class: "row spread" }, make("span", { class: "soft" }, "One key a choice. What you choose becomes the label, and is noted as your decision."),
      make("button", { type: "button", class: "button", click: skip }, "Skip ", make("kbd", {}, "s"))),
    error ? problem(error) : null)]);
  document.querySelector(".choice").focus();
}

function choice(reading, index = 0) {
  const key = reading ? String(index + 1) : "0";
  const pick = () => decide(reading);
  if (!reading) return make("button", { type: "button", class: "button choice", click: pick }, make("kbd", {}, key), "No mark here");
  const facts = [
    count(reading.workers.length, "worker"), `${Math.round(reading.confidence * 100)} % likely`, reasons[reading.reason] ?? "",
    reading.isLabel ? "the label now" : "",
  ].filter(Boolean).join(" · ");
  return make(
    "button", { type: "button", class: "button choice", click: pick }, make("kbd", {}, key), make("strong", {}, reading.label),
    make("span", {}, `“${shortened(reading.text)}”`), make("span", { class: "support" }, facts));
}

/** Characters of context that the service sends on each side; where there are fewer, the text begins or ends. */
const contextLength = 160;

/** A stretch of text that the service cut at the side that `kept` is not, without the word that it cut. */
function wholeWords(text, kept) {
  if ([...text].length < contextLength) return text;
  const whole = text.replace(kept === "start" ? /\s+\S*$/u : /^\S*\s+/u, "");
  return kept === "start" ? `${whole} …` : `… ${whole}`;
}

function shortened(text) {
  if (text.length <= 100) return text;
  // One word that long has no better place to be cut at.
  const [start, end] = [text.slice(0, 60).replace(/\s+\S*$/u, ""), text.slice(-30).replace(/^\S*\s+/u, "")];
  return `${start} … ${end}`;
}

async function decide(reading) {
  if (isDeciding) return;
  const { number, startOffset, endOffset } = stretch.disputes[current];
  const choice = reading && { startOffset: reading.startOffset, endOffset: reading.endOffset, label: reading.label };
  isDeciding = true;
  try {
    await send("POST", `${apiOf(name)}/objects/${number}/decision`, { startOffset, endOffset, choice });
    decided += 1;
    advance();
  } catch (error) {
    draw(error);
  } finally {
    isDeciding = false;
  }
}

function skip() {
  if (isDeciding) return;
  skipped += 1;
  skippedHere += 1;
  advance();
}

function advance() {
  current += 1;
  if (current < stretch.disputes.length) return draw();
  if (stretch.left) run(() => page(stretch.first));
  else if (stretch.next !== null) run(() => page(stretch.next));
  else draw();
}

function finished() {
  const sentences = [
    decided ? `${count(decided, "place")} decided. The output is written with them.` : "",
    skipped ? `${count(skipped, "place")} skipped.` : "",
  ].filter(Boolean);
  return make("section", { class: "panel" }, make("p", { role: "status" }, sentences.join(" ") || "No place is disputed, as far as objects are labeled."));
}

document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || !stretch.disputes[current]) return;
  const { readings } = stretch.disputes[current];
  if (event.key === "s") skip();
  else if (event.key === "0") decide(null);
  else if (/^[1-9]$/.test(event.key) && readings[event.key - 1]) decide(readings[event.key - 1]);
  else return;
  event.preventDefault();
});

run(() => page());
