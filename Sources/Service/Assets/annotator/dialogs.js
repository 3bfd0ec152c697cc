import { make } from "../shared/dom.js";
import { hueClass } from "../marking/mark-painter.js";
import { commands, elsewhere } from "./commands.js";
import { richText } from "./rich-text.js";

function dialog(title, closed, ...content) {
  const close = make("button", { type: "button", class: "pa-tool pa-close", click: () => element.close() }, "Close");
  const element =
    make("dialog", { class: "pa-dialog", "aria-label": title, close: closed }, close, make("h2", {}, title), ...content);
  return element;
}

/** The job's instructions, and what each label is for. */
export function instructionsDialog(task, closed) {
  const { short, full } = task.instructions;
  const help = task.labels.map(
    (choice) => make(
      "li", { class: hueClass(choice) }, make("i", { class: "pa-swatch", "aria-hidden": "true" }),
      make("strong", {}, choice.fullName), choice.key ? make("kbd", {}, choice.key) : "", choice.help ? ` ${choice.help}` : ""));
  const nodes = [short, full].filter(Boolean).map((markup) => make("div", { class: "pa-rich" }, richText(markup)));
  return dialog("Instructions", closed, ...nodes, make("h3", {}, "Labels"), make("ul", { class: "pa-help" }, ...help));
}

/** All keys. A capital letter is one with Shift, whatever Caps Lock says. */
export function keysDialog(closed) {
  const name = (key) => /^[A-Z]$/.test(key) ? `Shift+${key}` : key;
  const row = ([keys, meaning]) => make(
    "tr", {}, make("td", {}, ...keys.flatMap((key, index) => [index ? " " : "", make("kbd", {}, name(key))])),
    make("td", {}, meaning));
  const labels = [["1 … 9"], "Label the selection or the current mark; with Shift add one more label to it"];
  const table = make("table", { class: "pa-keys" }, make("tbody", {}, ...[labels, ...commands, ...elsewhere].map(row)));
  return dialog("Keys", closed, make("p", {}, "Single keys work while the text has the focus."), table);
}

/** Asked before the answer of a task that nobody touched goes out, as happens when Submit is pressed once too often. */
export function untouchedDialog(submitButton, submit) {
  const element = dialog(
    "Nothing is marked", () => element.remove(),
    make("p", {}, "The task is as it came. Submit anyway?"),
    make(
      "div", { class: "pa-choices" },
      make("button", { type: "button", class: "pa-primary", autofocus: true, click: () => element.close() }, "Go on marking"),
      make("button", { type: "button", class: "pa-tool", click: () => { element.close(); submit(); } }, "Submit anyway")));
  // In the other half of the window: a second press at the same place meets no button of this dialog.
  const { top, bottom } = submitButton.getBoundingClientRect();
  element.classList.add(top + bottom > innerHeight ? "pa-high" : "pa-low");
  return element;
}

/** Asked before an answer goes out while suggestions are undecided. */
export function undecidedDialog(count, { submit, review }) {
  const choose = (action) => () => { element.close(); action(); };
  const element = dialog(
    "Undecided suggestions", () => element.remove(),
    make(
      "p", {},
      count === 1
        ? "One suggestion is neither accepted nor rejected. It will not be part of the answer."
        : `${count} suggestions are neither accepted nor rejected. They will not be part of the answer.`),
    make(
      "div", { class: "pa-choices" }, make("button", { type: "button", class: "pa-primary", click: choose(review) }, "Check them"),
      make("button", { type: "button", class: "pa-tool", click: choose(submit) }, "Submit without them")));
  return element;
}
