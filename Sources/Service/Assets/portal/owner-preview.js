import { make } from "../shared/dom.js";
import { send } from "../shared/server.js";
import { serveFrame } from "../task/template-frame.js";
import { apiOf, pageOf } from "./owner-site.js";

// A task as workers see it. Nobody takes it, and what is filled in goes nowhere.
const { job, number } = document.querySelector(".task-page").dataset;
const annotator = document.querySelector("prelabel-annotator");
const frame = document.querySelector("iframe[data-submit]");
const said = make("span", { role: "status" });
const link = (words, target) => make("a", { class: "button", href: `${pageOf(job)}/preview/${target}` }, words);
const next = link("Next object", Number(number) + 1);

document.getElementById("bar").replaceChildren(
  make("a", { href: pageOf(job) }, job), make("span", { class: "title" }, `Preview of object ${number}`), said,
  make("div", { class: "end" }, ...(Number(number) > 0 ? [link("Object before", Number(number) - 1)] : []), next));

function answered() {
  said.textContent = "This is a preview: nothing was sent.";
}

async function open() {
  const { counters } = await send("GET", apiOf(job));
  if (Number(number) + 1 >= counters.total) next.remove();
  if (frame) {
    serveFrame(frame, async () => { answered(); throw new Error("This is a preview: nothing was sent."); });
    return;
  }
  await import("../annotator/annotator.js");
  annotator.submit = async () => { answered(); throw new Error("this is a preview."); };
  annotator.task = await send("GET", `${apiOf(job)}/objects/${number}/document`);
}

open().catch((error) => { said.textContent = error.message; if (annotator) annotator.textContent = ""; });
