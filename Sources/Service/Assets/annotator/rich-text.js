/** What instructions may be made of. Everything else is dropped and its text kept; no attribute is kept at all. */
const allowed = new Set(
  `B BLOCKQUOTE BR CODE DD DIV DL DT EM H1 H2 H3 H4 H5 H6 HR I KBD LI OL P PRE S SPAN STRONG SUB SUP
  TABLE TBODY TD TH THEAD TR U UL`.split(/\s+/));
const dropped = new Set(["SCRIPT", "STYLE", "TEMPLATE", "IFRAME", "OBJECT", "EMBED", "NOSCRIPT", "TITLE", "MATH", "SVG"]);

/** Instructions, which are HTML in label category files, as nodes that can do nothing but be read. */
export function richText(markup) {
  const fragment = document.createDocumentFragment();
  const parsed = new DOMParser().parseFromString(String(markup), "text/html");
  copyChildren(parsed.body, fragment);
  return fragment;
}

function copyChildren(from, to) {
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) to.append(child.data);
    if (child.nodeType !== Node.ELEMENT_NODE || dropped.has(child.nodeName.toUpperCase())) continue;
    const place = allowed.has(child.nodeName) ? to.appendChild(document.createElement(child.nodeName)) : to;
    copyChildren(child, place);
  }
}
