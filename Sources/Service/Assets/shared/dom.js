/**
 * Makes an element. Strings become text nodes, never markup, so worker and data content is safe wherever it is put.
 *
 * @param {string} tag
 * @param {Object<string, *>} [attributes] Functions become listeners of the event named by the key; `true` is an empty attribute;
 *   `false`, `null` and `undefined` are left out, but `aria-` attributes say true and false; all else is an attribute's text.
 * @param {...(Node|string)} children
 */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("aria-") && typeof value === "boolean") node.setAttribute(name, String(value));
    else if (typeof value === "function") node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** A style sheet to adopt: a strict content security policy allows it, unlike a `<style>` element. */
export function sheet(text) {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}

/** Adopts a sheet in a document or shadow root once. */
export function adopt(root, styles) {
  if (!root.adoptedStyleSheets.includes(styles)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, styles];
}

/** Whether keys typed into this event's target are text, so that single-key commands must stay away. */
export function isTyping(event) {
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return false;
  return target.isContentEditable ||
    (target.matches("input, textarea, select") && !target.matches("[type=radio], [type=checkbox], [type=range]"));
}

/** Runs at most once a frame, with the last call's arguments. */
export function oncePerFrame(action) {
  let scheduled = false;
  let latest;
  return (...parameters) => {
    latest = parameters;
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      action(...latest);
    });
  };
}
