/** What an error says when a worker's session has ended. */
export const sessionEndedMessage = "Your session has ended.";

/**
 * Asks the service, with JSON both ways. 2xx is success; a problem document's `detail` is the sentence for the worker.
 *
 * @param {*} [document] The body; nothing is sent without one.
 * @param {AbortSignal} [signal] Ends the asking.
 * @throws {Error} With the answer's `status`, or none when there was no answer. Where a worker's session has ended,
 *   `isSessionEnded` is true, and the window hears `prelabel-session-ended`, whoever asked.
 */
export async function send(method, url, document, signal) {
  let response;
  try {
    response = await fetch(url, {
      method, headers: { Accept: "application/json", ...(document === undefined ? {} : { "Content-Type": "application/json" }) },
      body: document === undefined ? undefined : JSON.stringify(document), signal,
    });
  } catch {
    throw new Error("The server does not answer.");
  }
  const reply = await response.json().catch(() => ({}));
  if (response.ok) return reply;
  const isWorkers = new URL(url, location.href).pathname.startsWith("/tasks/");
  if (response.status === 401 && isWorkers) {
    window.dispatchEvent(new Event("prelabel-session-ended"));
    throw Object.assign(new Error(sessionEndedMessage), { status: 401, isSessionEnded: true });
  }
  throw Object.assign(new Error(reply.detail ?? `The server refused this (status ${response.status}).`), { status: response.status });
}
