import { readLabels } from "../marking/labels.js";
import { spanProblem } from "../marking/offsets.js";
import { reservedKeys } from "./commands.js";
import { PageWords } from "./page-words.js";

/**
 * A task document (Assets/README.md) with everything checked that comes from elsewhere: what does not fit the text is left out and
 * named in `problems`, so that one bad span costs that span only.
 */
export class TaskDocument {
  problems = [];

  /** @throws {Error} When there is no text, or it is not the one its hash stands for. */
  static async read(given) {
    if (typeof given?.text !== "string") throw new Error("The task has no text.");
    const document = new TaskDocument(given);
    await document.#checkHash();
    return document;
  }

  constructor(given) {
    this.text = given.text;
    this.sha256 = given["text-sha256"] ?? null;
    this.task = given.task ?? {};
    this.labels = readLabels(given.labels, reservedKeys);
    this.metadata = given.metadata ?? null;
    this.imageURL = safeURL(given.imageURL);
    this.imageName = String(given.imageName ?? "");
    this.question = given.question ?? null;
    this.instructions = given.instructions ?? {};
    this.draft = given.draft ?? null;
    this.saveURL = safeURL(given.saveURL);
    this.submitURL = safeURL(given.submitURL);
    this.suggestions = this.#spans(given.suggestions, "suggestion");
    this.areSuggestionsWithheld = given["suggestions-withheld"] === true;
    this.words = new PageWords(given.text, given.pageRecord);
  }

  /** What this task is called in the browser's store of drafts. */
  get key() { return `${this.task.id ?? location.pathname}:${this.sha256 ?? this.text.length}`; }

  #spans(listed, name) {
    return (Array.isArray(listed) ? listed : []).flatMap((given, index) => {
      const problem = spanProblem(this.text, given ?? {});
      if (problem) this.problems.push(`${name} ${index} is left out: ${problem}`);
      if (problem) return [];
      const { startOffset, endOffset, label, confidence = null } = given;
      return [{ index, startOffset, endOffset, label, confidence }];
    });
  }

  /** Browsers offer hashing on HTTPS and the own machine only; elsewhere the given hash is trusted. */
  async #checkHash() {
    if (!globalThis.crypto?.subtle) return;
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(this.text));
    const found = [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    if (this.sha256 !== null && this.sha256 !== found)
      throw new Error("The text of this task is not the one it was made for. Tell the owner of the job.");
    this.sha256 = found;
  }
}

/** An address of the web or of this server; anything else, such as `javascript:`, is none. */
function safeURL(given) {
  if (typeof given !== "string" || given === "") return null;
  const url = URL.parse ? URL.parse(given, location.href) : new URL(given, location.href);
  return url && ["http:", "https:", "blob:"].includes(url.protocol) || /^data:image\//.test(given) ? given : null;
}
