import { make } from "../shared/dom.js";

/** One of the annotator's small buttons; `title` says more, and the key that does the same. */
export function toolButton(name, title, action) {
  return make("button", { type: "button", class: "pa-tool", title, click: action }, name);
}
