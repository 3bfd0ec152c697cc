import { make } from "../shared/dom.js";

const time = (date) => date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** What the task is, how far the job has come, when the work was saved, and the commands that are always at hand. */
export class TopBar {
  #saved = make("span", { class: "pa-saved" });

  constructor(task, editor, drafts, annotator) {
    const { title, position, total } = task.task;
    const undo = make("button", { type: "button", class: "pa-tool", title: "Undo (Ctrl+Z)", click: () => { editor.undo(); annotator.focusText(); } }, "Undo");
    const redo = make("button", { type: "button", class: "pa-tool", title: "Redo (Ctrl+Shift+Z)", click: () => { editor.redo(); annotator.focusText(); } }, "Redo");
    const progress = Number.isInteger(position) && Number.isInteger(total)
      ? make("span", { class: "pa-progress" }, make("progress", { value: position - 1, max: total, "aria-label": "Tasks done" }), `${position} of ${total}`) : null;
    this.element = make("header", { class: "pa-top" },
      make("h1", { title: title ?? null }, title ?? "Mark the text"), progress, make("span", { class: "pa-meta", title: metadataText(task.metadata) }, metadataText(task.metadata)), this.#saved, undo, redo,
      make("button", { type: "button", class: "pa-tool", title: "Instructions (i)", click: () => annotator.showInstructions() }, "Instructions"),
      make("button", { type: "button", class: "pa-tool", title: "Keys (?)", click: () => annotator.showKeys() }, "Keys"));
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
  return Object.entries(metadata).map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : value}`).join(" · ");
}
