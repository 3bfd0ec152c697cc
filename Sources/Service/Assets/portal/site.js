import { make } from "../shared/dom.js";

/**
 * Fills the page with a head and content.
 *
 * @param {Array<[string, string]>} places Where the head leads: name and address.
 * @param {...Node} end At the head's end.
 */
export function show(places, content, ...end) {
  const links = places.map(([name, address]) =>
    make("a", { href: address, "aria-current": address === location.pathname ? "page" : null }, name));
  const head = make(
    "header", { class: "site" }, make("strong", {}, "Prelabel"), make("nav", { class: "row", "aria-label": "Pages" }, ...links),
    end.length ? make("div", { class: "end" }, ...end) : null);
  const main = document.getElementById("main");
  document.querySelector("header.site")?.remove();
  main.before(head);
  main.className = "content";
  main.setAttribute("aria-busy", "false");
  main.replaceChildren(...[content].flat());
}

/** A sentence in the place of a page. */
export function say(title, ...content) {
  const main = document.getElementById("main");
  main.className = "content narrow";
  main.setAttribute("aria-busy", "false");
  main.replaceChildren(make("section", { class: "panel" }, make("h1", {}, title), ...content));
}

export function problem(error) {
  return make("p", { class: "notice problem", role: "alert" }, ...(error.isSessionEnded ? sessionEnded() : [error.message]));
}

/** What a worker is told whose session has ended. Signing in happens beside the page, which may hold work. */
export function sessionEnded() {
  const signIn = make("a", { href: "/portal/", target: "_blank", rel: "noopener" }, "Sign in");
  return ["Your session has ended. Open your personal link again; your work is kept on this device. ", signIn];
}
