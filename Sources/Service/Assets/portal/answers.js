import { make } from "../shared/dom.js";
import { send } from "../shared/server.js";
import { problem, say, show } from "./site.js";
import { moment } from "./words.js";

const name = location.pathname.split("/").at(-2);

try {
  const { answers, job } = await send("GET", `/tasks/${name}/answers`);
  const row = (answer) => make(
    "tr", {}, make("th", { scope: "row" }, `Task ${answer.number + 1}`), make("td", {}, moment(answer.submitted)),
    make("td", {}, answer.isOpen ? make("a", { href: answer.page }, "Change") : "Consolidated: it stands"));
  const table = make(
    "table", {}, make("thead", {}, make("tr", {}, ...["Task", "Answered", ""].map((word) => make(word ? "th" : "td", { scope: word ? "col" : null }, word)))),
    make("tbody", {}, ...answers.map(row)));
  show([["Your jobs", "/portal/"]], [
    make("h1", {}, "Your answers"), make("p", { class: "soft" }, job.title),
    make("section", { class: "panel" }, answers.length ? table : make("p", {}, "You have not answered anything here yet."))]);
} catch (error) {
  say("Your answers cannot be shown", problem(error), make("p", {}, make("a", { href: "/portal/" }, "Your jobs")));
}
