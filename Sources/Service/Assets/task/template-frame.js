/**
 * The page around a template's frame: loads it once somebody listens to it, takes the answer that the frame submits, and tells the frame what became of it.
 * `Assets/README.md` has the messages.
 *
 * @param {HTMLIFrameElement} frame
 * @param {(answer: Object) => Promise<void>} take Throws an `Error` with a sentence for the worker; the answer can be sent again.
 * @param {{values: ?Object, changed: function(Object, boolean)}} [draft] What the frame is to put back, and who is told after each
 *   change what is filled in, and whether that is all of the work.
 */
export function serveFrame(frame, take, draft) {
  let isTaken = false;
  const tell = (message) => frame.contentWindow?.postMessage(message, "*");
  // The frame takes it once: from the first message that it hears.
  const restore = () => { if (draft?.values) tell({ type: "prelabel-restore", values: draft.values }); };
  const submitted = async (answer) => {
    const reply = (ok, message) => tell({ type: "prelabel-submitted", ok, message });
    if (!isObject(answer)) return reply(false, "The answer is not an object.");
    if (isTaken) return reply(false, "This task has its answer.");
    isTaken = true;
    try {
      await take(answer);
      reply(true);
    } catch (error) {
      isTaken = false;
      reply(false, error.message);
    }
  };
  window.addEventListener("message", ({ source, data }) => {
    // The frame's origin is opaque: who speaks is told by the window alone.
    if (source !== frame.contentWindow) return;
    if (data?.type === "prelabel-submit") submitted(data.answer);
    else if (data?.type === "prelabel-ready") restore();
    else if (data?.type === "prelabel-draft" && isObject(data.values)) draft?.changed(data.values, data.isWhole === true);
  });
  frame.src = frame.dataset.src;
}

export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
