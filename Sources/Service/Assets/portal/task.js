import { make } from "../shared/dom.js";
import { send } from "../shared/server.js";
import { sessionEnded } from "./site.js";
import { TaskBar, confirmed } from "./task-bar.js";
import { TemplateWork } from "./template-work.js";

// A worker's task: the bar, and below it the annotator or the frame with the job's own template.
const { job, number, worker } = document.querySelector(".task-page").dataset;
const path = `/tasks/${job}/${number}`;
const annotator = document.querySelector("prelabel-annotator");
const frame = document.querySelector("iframe[data-submit]");
const bar = new TaskBar(document.getElementById("bar"), `Task ${Number(number) + 1}`);
/** What holds the work: the annotator, or what serves the template's frame. */
let work = annotator;

let hasSession = true;
window.addEventListener("prelabel-session-ended", () => {
  hasSession = false;
  bar.say(...sessionEnded());
});
// Whoever comes back to this page may have signed in on another.
document.addEventListener("visibilitychange", async () => {
  if (hasSession || document.hidden) return;
  hasSession = await send("GET", path).then(() => true, () => false);
  if (hasSession) bar.say("");
});

async function open() {
  const task = await send("GET", path);
  if (task.state === "submitted") return offerToReopen();
  if (task.state !== "accepted") return showNothing("This task is not in your hands any more.");
  const isReopened = task.answer !== null;
  if (isReopened) bar.offer(action("Keep the former answer", keepAnswer));
  else bar.offer(action("Give back", release), action("Decline", decline));
  bar.count(task.secondsLeft, () => ended(isReopened));
  if (annotator) {
    await import("../annotator/annotator.js");
    annotator.task = await send("GET", task.document);
  } else {
    // The input is part of the name: a job of the same name may come after this one.
    const key = `${worker}/${job}/${number} ${JSON.stringify(task.input)}`;
    const save = (draft, signal) => send("PUT", `${path}/draft`, draft, signal);
    work = new TemplateWork(key, save, (sentence) => bar.sayKept(sentence));
    await work.serve(frame, task, (answer) => send("POST", frame.dataset.submit, { answer }), go);
  }
}

const action = (words, click) => make("button", { type: "button", class: "button", click }, words);

/** The time is over: what becomes of the task, and of what is on the page. */
function ended(isReopened) {
  bar.offer();
  const task = isReopened
    ? "Your time to change the answer is over: the former one stands."
    : "Your time for this task is over: it goes to somebody else.";
  bar.say([task, keptSentence()].filter(Boolean).join(" "));
}

function keptSentence() {
  if (annotator) return "Drafts stay on this device.";
  if (!work?.hasChanges) return "";
  return work.isAtRisk ? "What you filled in is lost when you leave this page." : "What you filled in stays on this device.";
}

function go({ next }) {
  const address = new URL(next, location.href);
  if (address.origin === location.origin) location.assign(address);
}

let isLeaving = false;

async function change(action, sentence, done = () => null) {
  // The second press of a button, or one beside Submit.
  if (isLeaving || work?.isEnding) return;
  isLeaving = true;
  const end = () => send("POST", `${path}/${action}`);
  try {
    const reply = await (work?.end ? work.end(end) : end());
    await done();
    go(reply);
  } catch (error) {
    isLeaving = false;
    if (!error.isSessionEnded) bar.say(`${sentence}: ${error.message}`);
  }
}

/** What was changed since is no draft of the answer that stands. */
async function keepAnswer() {
  await change("release", "Not given back", () => work?.forget?.());
}

function release() { return change("release", "Not given back"); }

async function decline() {
  if (await confirmed("Decline this task?", "It does not come to you again. It goes to others, until as many have declined it as are to answer it.", "Decline")) {
    await change("decline", "Not declined");
  }
}

async function offerToReopen() {
  if (!await confirmed("You have answered this task", "You can change the answer until it is consolidated.", "Change the answer"))
    return location.assign("/portal/");
  try {
    await send("POST", `${path}/reopen`);
    location.reload();
  } catch (error) {
    if (!error.isSessionEnded) bar.say(error.message);
  }
}

/** There is no task to work on. */
function showNothing(sentence) {
  if (annotator) annotator.textContent = "";
  if (frame) frame.hidden = true;
  bar.say(sentence);
}

open().catch((error) => { if (!error.isSessionEnded) showNothing(error.message); });
