import { make } from "../shared/dom.js";
import { toolButton } from "./tool-button.js";

const time = (date) => date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** What the task is, how far the job has come, when the work was saved, and the commands that are always at hand. */
export class TopBar {
  #saved = make("span", { class: "pa-saved" });

  constructor(task, editor, drafts, annotator) {
    const { title, position, total } = task.task;
    const about = metadataText(task.metadata);
    const undo = toolButton("Undo", "Undo (Ctrl+Z)", () => { editor.undo(); annotator.focusText(); });
    const redo = toolButton("Redo", "Redo (Ctrl+Shift+Z)", () => { editor.redo(); annotator.focusText(); });
    const hasProgress = Number.isInteger(position) && Number.isInteger(total);
    const bar = make("progress", { value: position - 1, max: total, "aria-label": "Tasks done" });
    this.element = make(
      "header", { class: "pa-top" }, make("h1", { title: title ?? null }, title ?? "Mark the text"),
      hasProgress ? make("span", { class: "pa-progress" }, bar, `${position} of ${total}`) : null,
      make("span", { class: "pa-meta", title: about }, about), this.#saved, undo, redo,
      toolButton("Instructions", "Instructions (i)", () => annotator.showInstructions()),
      toolButton("Keys", "Keys (?)", () => annotator.showKeys()));
    const show = () => {
      undo.disabled = !editor.store.canUndo;
      redo.disabled = !editor.store.canRedo;
    };
    editor.store.addEventListener("change", show);
    drafts.addEventListener("state", () => this.#show(drafts.state));
    show();
  }

  /** Says where the work that is shown came from. */
  showDraft(draft) {
    if (draft?.savedAt) this.#saved.textContent = `Draft of ${new Date(draft.savedAt).toLocaleString()}`;
  }

  #show({ local, remote, problem }) {
    const places = [local && `on this device ${time(local)}`, remote && `on the server ${time(remote)}`].filter(Boolean);
    this.#saved.textContent = [places.length ? `Saved ${places.join(", ")}` : "", problem ?? ""].filter(Boolean).join(" · ");
    this.#saved.classList.toggle("pa-unsaved", Boolean(problem));
  }
}

/** Metadata is free-form: an object's members side by side, anything else as it is. */
function metadataText(metadata) {
  if (metadata === null || metadata === undefined) return "";
  if (typeof metadata !== "object") return String(metadata);
  return Object.entries(metadata)
    .map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : value}`)
    .join(" · ");
}
