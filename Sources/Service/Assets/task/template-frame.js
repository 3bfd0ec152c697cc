/**
 * The page around a template's frame: takes the answer that the frame submits, and tells the frame what became of it.
 * `Assets/README.md` has the messages.
 *
 * @param {HTMLIFrameElement} frame
 * @param {(answer: Object) => Promise<void>} take Throws an `Error` with a sentence for the worker; then the answer can be sent again.
 */
export function serveFrame(frame, take) {
  let isTaken = false;
  window.addEventListener("message", async (event) => {
    // The frame's origin is opaque: who speaks is told by the window alone.
    if (event.source !== frame.contentWindow || event.data?.type !== "prelabel-submit") return;
    const reply = (ok, message) => frame.contentWindow?.postMessage({ type: "prelabel-submitted", ok, message }, "*");
    const { answer } = event.data;
    if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return reply(false, "The answer is not an object.");
    if (isTaken) return reply(false, "This task has its answer.");
    isTaken = true;
    try {
      await take(answer);
      reply(true);
    } catch (error) {
      isTaken = false;
      reply(false, error.message);
    }
  });
}
