/** Hands a document to the service as JSON. 2xx is success; a problem document's `detail` is the sentence for the worker. */
export async function send(method, url, document) {
  let response;
  try {
    response = await fetch(url, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(document) });
  } catch {
    throw new Error("The server does not answer.");
  }
  const reply = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(reply.detail ?? `The server refused this (status ${response.status}).`);
  return reply;
}
