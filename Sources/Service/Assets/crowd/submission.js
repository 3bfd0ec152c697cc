/**
 * How an answer leaves a page of crowd elements. The service implements the other side; Assets/README.md is the specification.
 *
 * The first of these that is there is used:
 *  1. a listener of the cancelable document event `prelabel-answer` (`detail` is the answer) that calls `preventDefault()`;
 *  2. `<meta name="prelabel-submit" content="URL">`: POST of `{"answer":…}`; 2xx is success, and the reply may name `next`;
 *  3. a framing page: `postMessage({type:"prelabel-submit", answer})`, answered by `{type:"prelabel-submitted", ok, message}`;
 *  4. nobody: the page is a preview, and the answer is shown.
 */
const replyTimeoutMilliseconds = 30_000;

/**
 * @param {Object} answer
 * @returns {Promise<{next?: string, preview?: boolean}>}
 * @throws {Error} With a sentence for the worker; nothing on the page is lost then.
 */
export async function submitAnswer(answer) {
  const isOpen = document.dispatchEvent(new CustomEvent("prelabel-answer", { detail: answer, cancelable: true }));
  if (!isOpen) return {};
  const url = metadata("prelabel-submit");
  if (url) return post(url, answer);
  if (window.parent !== window) return tellParent(answer);
  return { preview: true };
}

/** Tells a framing page what is filled in so far, and whether that is all of the work. */
export function tellDraft(values, isWhole) {
  if (window.parent !== window) window.parent.postMessage({ type: "prelabel-draft", values, isWhole }, parentOrigin());
}

/** Calls `restore` with the draft that a framing page has kept, once. */
export function hearDraft(restore) {
  const hear = ({ source, origin, data }) => {
    const isFromParent = source === window.parent && ["*", origin].includes(parentOrigin());
    if (!isFromParent || data?.type !== "prelabel-restore" || typeof data.values !== "object" || data.values === null) return;
    window.removeEventListener("message", hear);
    restore(data.values);
  };
  if (window.parent !== window) window.addEventListener("message", hear);
}

/** Tells a framing page that the elements are up. */
export function announceReady() {
  if (window.parent !== window) window.parent.postMessage({ type: "prelabel-ready" }, parentOrigin());
}

function metadata(name) {
  return document.querySelector(`meta[name="${name}"]`)?.content;
}

/** A template runs in a sandboxed frame, whose own origin is opaque; the page around it may state its origin. */
function parentOrigin() {
  return metadata("prelabel-parent-origin") ?? "*";
}

async function post(url, answer) {
  let response;
  try {
    response =
      await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ answer }) });
  } catch {
    throw new Error("The answer could not be sent: the server does not answer. It is still here; try again.");
  }
  const reply = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(`The answer was not taken: ${reply.detail ?? reply.message ?? `status ${response.status}`}`);
  return reply;
}

function tellParent(answer) {
  return new Promise((resolve, reject) => {
    const finish = (action) => {
      clearTimeout(timer);
      window.removeEventListener("message", hear);
      action();
    };
    const hear = (event) => {
      if (event.source !== window.parent || event.data?.type !== "prelabel-submitted") return;
      finish(() => event.data.ok ? resolve({}) : reject(new Error(event.data.message ?? "The answer was not taken.")));
    };
    const timer = setTimeout(
      () => finish(() => reject(new Error("The page around this task does not answer. The answer is still here; try again."))),
      replyTimeoutMilliseconds);
    window.addEventListener("message", hear);
    window.parent.postMessage({ type: "prelabel-submit", answer }, parentOrigin());
  });
}
