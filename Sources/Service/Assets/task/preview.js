import { send } from "../shared/server.js";
import { serveFrame } from "./template-frame.js";

// A preview: the answer goes to whoever started it, and is shown.
const frame = document.querySelector("iframe[data-submit]");

serveFrame(frame, async (answer) => {
  await send("POST", frame.dataset.submit, { answer });
  document.getElementById("answer-text").textContent = JSON.stringify(answer, null, 2);
  const shown = document.getElementById("answer");
  shown.hidden = false;
  shown.scrollIntoView({ block: "nearest" });
});
