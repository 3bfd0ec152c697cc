import { make } from "../shared/dom.js";
import { send } from "../shared/server.js";
import { problem, say } from "./site.js";

// What stands behind # is the pass. It is taken out of the address, and with it out of the browser's history, at once.
const pass = location.hash.slice(1);
history.replaceState(null, "", location.pathname);
try {
  const { next } = await send("POST", "/portal/session", { pass });
  location.replace(next);
} catch (error) {
  say("This link does not open", problem(error), make("p", {}, "Ask the owner of the job for a new link."));
}
