/** Knows whether the same task is open in other tabs of this browser. Sends `change` when `isAnywhere` may have changed. */
export class OtherTabs extends EventTarget {
  #channel;
  #own = `${performance.timeOrigin} ${Math.random()}`;
  #others = new Set();

  /** @param {string} key Of the task and its text. */
  constructor(key) {
    super();
    this.#channel = new BroadcastChannel(`prelabel-task ${key}`);
    this.#channel.addEventListener("message", ({ data }) => this.#heard(data));
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", (event) => { if (event.persisted) this.#tell("opened"); });
    this.#tell("opened");
  }

  get isAnywhere() { return this.#others.size > 0; }

  /** Tells the others that the task is not open here any more. */
  leave() { this.#tell("closed"); }

  #tell(what) { this.#channel.postMessage({ what, tab: this.#own }); }

  #heard({ what, tab }) {
    if (what === "closed") this.#others.delete(tab);
    else this.#others.add(tab);
    if (what === "opened") this.#tell("here");
    this.dispatchEvent(new Event("change"));
  }
}
