import { Drafts, newest } from "../annotator/drafts.js";
import { sessionEndedMessage } from "../shared/server.js";
import { isObject, serveFrame } from "../task/template-frame.js";

/**
 * What a worker fills in a template's frame: kept on this device and with the server, and put back when the task is opened again.
 * Where it is not, or not all of it, the browser asks before the page is left.
 */
export class TemplateWork {
  #values = null;
  #isWhole = true;
  #isEnding = false;
  #changedAt = 0;
  #drafts;

  /**
   * @param {string} key Of the worker and the task: what the draft is called on this device.
   * @param {function(Object, AbortSignal): Promise<*>} save Hands a draft to the server.
   * @param {function(string)} say Told in words where the work is kept, whenever that changes.
   */
  constructor(key, save, say) {
    const makeDraft = () => ({ savedAt: new Date().toISOString(), values: this.#values });
    this.#drafts = new Drafts(key, makeDraft, save);
    this.#drafts.addEventListener("state", () => say(placesOf(this.#drafts.state)));
    window.addEventListener("beforeunload", (event) => { if (this.isAtRisk) event.preventDefault(); });
  }

  /**
   * @param {HTMLIFrameElement} frame
   * @param {{draft: ?Object, answer: ?Object, submitted: ?string}} task What the server has of the work.
   * @param {function(Object): Promise<Object>} submit Hands the answer to the server.
   * @param {function(Object)} goOn Told the server's reply, once the draft is forgotten.
   */
  async serve(frame, task, submit, goOn) {
    const [local, remote] = [await this.#drafts.stored(), task.draft].map((draft) => isObject(draft?.values) ? draft : null);
    const answered = task.answer && { savedAt: task.submitted, values: task.answer };
    const earlier = newest(newest(local, remote), answered);
    const take = async (answer) => {
      if (this.#isEnding) throw new Error("The task is being given back.");
      const reply = await this.end(() => submit(answer));
      await this.#drafts.clear();
      goOn(reply);
    };
    const changed = (values, isWhole) => this.#changed(values, isWhole);
    serveFrame(frame, take, { values: earlier?.values ?? null, changed });
  }

  /** Whether anything was filled in since the task was opened. */
  get hasChanges() { return this.#values !== null; }

  /** Whether leaving the page would lose something. */
  get isAtRisk() {
    const { local, remote } = this.#drafts.state;
    const isSaved = Math.max(local ?? 0, remote ?? 0) >= this.#changedAt;
    return this.hasChanges && !this.#isEnding && !(this.#isWhole && isSaved);
  }

  /** Whether the task is being ended, or has been. */
  get isEnding() { return this.#isEnding; }

  /** Forgets the draft: the answer that there is stands. */
  forget() { return this.#drafts.clear(); }

  /** Ends the task by `action` (the answer, giving back, declining), with no draft on its way and without a question. */
  async end(action) {
    this.#isEnding = true;
    this.#drafts.hold();
    try {
      return await action();
    } catch (error) {
      this.#isEnding = false;
      if (this.hasChanges) this.#drafts.resume();
      throw error;
    }
  }

  #changed(values, isWhole) {
    this.#values = values;
    this.#isWhole = isWhole;
    this.#changedAt = Date.now();
    this.#drafts.changed();
  }
}

function placesOf({ local, remote, problem }) {
  const places = [local && "on this device", remote && "on the server"].filter(Boolean).join(" and ");
  // That the session has ended is said once, by the page.
  return [places && `Saved ${places}.`, problem !== sessionEndedMessage && problem].filter(Boolean).join(" ");
}
