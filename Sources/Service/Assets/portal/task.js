import { make } from "../shared/dom.js";
import { send } from "../shared/server.js";
import { serveFrame } from "../task/template-frame.js";
import { TaskBar, confirmed } from "./task-bar.js";

// A worker's task: the bar, and below it the annotator or the frame with the job's own template.
const { job, number } = document.querySelector(".task-page").dataset;
const path = `/tasks/${job}/${number}`;
const annotator = document.querySelector("prelabel-annotator");
const frame = document.querySelector("iframe[data-submit]");

const bar = new TaskBar(document.getElementById("bar"), `Task ${Number(number) + 1}`, [
  make("button", { type: "button", class: "button", click: release }, "Give back"),
  make("button", { type: "button", class: "button", click: decline }, "Decline"),
]);

async function open() {
  const task = await send("GET", path);
  if (task.state === "submitted") return offerToReopen();
  if (task.state !== "accepted") return bar.say("This task is not in your hands any more.");
  bar.count(task.secondsLeft, () => bar.say("Your time for this task is over: it goes to somebody else. Drafts stay on this device."));
  if (annotator) {
    await import("../annotator/annotator.js");
    annotator.task = await send("GET", task.document);
  } else {
    serveFrame(frame, async (answer) => go(await send("POST", frame.dataset.submit, { answer })));
  }
}

function go({ next }) {
  const address = new URL(next, location.href);
  if (address.origin === location.origin) location.assign(address);
}

async function change(action, sentence) {
  const end = () => send("POST", `${path}/${action}`);
  try { go(await (annotator?.end ? annotator.end(end) : end())); } catch (error) { bar.say(`${sentence}: ${error.message}`); }
}

function release() { return change("release", "Not given back"); }

async function decline() {
  if (await confirmed("Decline this task?", "It goes to others and does not come to you again.", "Decline")) {
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
    bar.say(error.message);
  }
}

open().catch((error) => { if (annotator) annotator.textContent = ""; bar.say(error.message); });
