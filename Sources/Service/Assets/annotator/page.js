import "./annotator.js";

/**
 * The page of one task: `annotator.html?task=URL`. The URL is of this origin and gives a task document (Assets/README.md); a JSON
 * data block with the id `task` in the page is taken instead when there is one.
 */
const annotator = document.querySelector("prelabel-annotator");
try {
  annotator.task = await loadTask();
} catch (error) {
  annotator.fail(error.message);
}

async function loadTask() {
  const block = document.getElementById("task");
  if (block) return JSON.parse(block.textContent);
  const given = new URLSearchParams(location.search).get("task");
  if (!given) throw new Error("No task is named in this page's address.");
  const url = new URL(given, location.href);
  if (url.origin !== location.origin) throw new Error("The task in this page's address is not on this server.");
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  const reply = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(reply.detail ?? `The task could not be opened (status ${response.status}).`);
  return reply;
}
