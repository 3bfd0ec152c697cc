import { send } from "../shared/server.js";
import { serveFrame } from "./template-frame.js";

// A worker's task: the answer goes to the service, and the page to the next task where the service names one of its own.
const frame = document.querySelector("iframe[data-submit]");

serveFrame(frame, async (answer) => {
  const { next } = await send("POST", frame.dataset.submit, { answer });
  const address = next && new URL(next, location.href);
  if (address?.origin === location.origin) location.assign(address);
  else document.getElementById("state").textContent = "The answer was sent.";
});
