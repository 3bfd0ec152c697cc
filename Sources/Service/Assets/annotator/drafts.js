const databaseName = "prelabel-drafts";
const storeName = "drafts";
const localDelay = 250;
const remoteDelay = 1500;
const retryDelay = 5000;
/** After so long a server that took a draft and says nothing is asked again. */
const sendingLimit = 30_000;

/**
 * Keeps drafts on this device at once and with the server soon after. Local drafts lie in IndexedDB, which, unlike localStorage,
 * has written a finished transaction when the browser is killed.
 *
 * Sends `state` whenever `state` changes: `local` and `remote` are times of the last save, `problem` a sentence; each can be `null`
 */
export class Drafts extends EventTarget {
  state = { local: null, remote: null, problem: null };
  #key;
  #makeDraft;
  #save;
  #localTimer;
  #remoteTimer;
  #isHeld = false;
  #isCleared = false;
  #sending = null;

  /**
   * @param {string} key Of the task and its text.
   * @param {function(): Object} makeDraft The work as it stands.
   * @param {?function(Object, AbortSignal): Promise<*>} save Hands a draft to the server; `null` when there is none.
   */
  constructor(key, makeDraft, save) {
    super();
    [this.#key, this.#makeDraft, this.#save] = [key, makeDraft, save];
    addEventListener("pagehide", () => this.#saveLocally());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.#saveLocally(); });
    addEventListener("online", () => this.#saveRemotely());
  }

  /** The draft on this device, or `null`. */
  async stored() {
    return (await transact("readonly", (store) => store.get(this.#key)).catch(() => null)) ?? null;
  }

  changed() {
    if (this.#isCleared) return;
    clearTimeout(this.#localTimer);
    this.#localTimer = setTimeout(() => this.#saveLocally(), localDelay);
    this.#scheduleRemote(remoteDelay);
  }

  /** Keeps drafts on this device only while the task is being ended: the server refuses one that comes after the answer. */
  hold() {
    this.#isHeld = true;
    clearTimeout(this.#remoteTimer);
    this.#remoteTimer = undefined;
    this.#sending?.abort();
  }

  /** The task has not ended: drafts go to the server again. */
  resume() {
    this.#isHeld = this.#isCleared;
    this.#scheduleRemote(remoteDelay);
  }

  /** Forgets the draft, once its answer has been taken. */
  async clear() {
    this.#isCleared = true;
    this.hold();
    clearTimeout(this.#localTimer);
    this.#localTimer = undefined;
    await transact("readwrite", (store) => store.delete(this.#key)).catch(() => null);
  }

  async #saveLocally() {
    if (this.#localTimer === undefined) return;
    clearTimeout(this.#localTimer);
    this.#localTimer = undefined;
    const draft = this.#makeDraft();
    try {
      await transact("readwrite", (store) => store.put(draft, this.#key));
      this.#tell({ local: new Date(draft.savedAt) });
    } catch {
      this.#tell({ problem: "This browser keeps no drafts." });
    }
  }

  #scheduleRemote(delay) {
    if (!this.#save || this.#isHeld || this.#remoteTimer !== undefined) return;
    this.#remoteTimer = setTimeout(() => this.#saveRemotely(), delay);
  }

  async #saveRemotely() {
    if (this.#remoteTimer === undefined) return;
    clearTimeout(this.#remoteTimer);
    this.#remoteTimer = undefined;
    // One at a time: what comes late must neither replace a newer draft nor follow the answer.
    if (this.#sending) return this.#scheduleRemote(remoteDelay);
    const sending = this.#sending = new AbortController();
    const limit = setTimeout(() => sending.abort(), sendingLimit);
    try {
      const draft = this.#makeDraft();
      await this.#save(draft, sending.signal);
      this.#tell({ remote: new Date(draft.savedAt), problem: null });
    } catch (error) {
      if (this.#isHeld) return;
      this.#tell({ problem: error.message });
      // What the server refuses for good, as the task's time is over, it refuses again.
      if (error.status !== 409) this.#scheduleRemote(retryDelay);
    } finally {
      clearTimeout(limit);
      this.#sending = null;
    }
  }

  #tell(changes) {
    this.state = { ...this.state, ...changes };
    this.dispatchEvent(new Event("state"));
  }
}

/** The draft saved last, of this device's and the server's; each may be `null`. */
export function newest(local, remote) {
  if (!local || !remote) return local ?? remote;
  return String(local.savedAt) >= String(remote.savedAt) ? local : remote;
}

function transact(mode, action) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(databaseName, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(storeName);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction(storeName, mode);
      const request = action(transaction.objectStore(storeName));
      transaction.oncomplete = () => { database.close(); resolve(request.result); };
      transaction.onabort = transaction.onerror = () => { database.close(); reject(transaction.error); };
    };
  });
}
