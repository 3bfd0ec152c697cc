import { make, sheet } from "../shared/dom.js";
import { CrowdElement } from "./element.js";

/** Strokes on a 24 by 24 grid, under the names that templates use. */
const strokes = {
  add: "M12 5v14M5 12h14",
  "arrow-back": "M20 12H5M11 6l-6 6 6 6",
  "arrow-drop-down": "M7 10l5 5 5-5z",
  "arrow-drop-up": "M7 14l5-5 5 5z",
  "arrow-forward": "M4 12h15M13 6l6 6-6 6",
  block: "M12 3a9 9 0 100 18 9 9 0 000-18M5.7 5.7l12.6 12.6",
  bookmark: "M7 4h10v16l-5-4-5 4z",
  cancel: "M12 3a9 9 0 100 18 9 9 0 000-18M9 9l6 6M15 9l-6 6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  "check-circle": "M12 3a9 9 0 100 18 9 9 0 000-18M8 12.5l3 3 5.5-6",
  "chevron-left": "M14.5 6l-6 6 6 6",
  "chevron-right": "M9.5 6l6 6-6 6",
  clear: "M6 6l12 12M18 6L6 18",
  close: "M6 6l12 12M18 6L6 18",
  create: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  delete: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
  done: "M5 12.5l4.5 4.5L19 7.5",
  error: "M12 3a9 9 0 100 18 9 9 0 000-18M12 7v6M12 16v1",
  "error-outline": "M12 3a9 9 0 100 18 9 9 0 000-18M12 7v6M12 16v1",
  "expand-less": "M6 14.5l6-6 6 6",
  "expand-more": "M6 9.5l6 6 6-6",
  favorite: "M12 20C7 16 4 13 4 9.2A4.2 4.2 0 0112 7a4.2 4.2 0 018 2.2C20 13 17 16 12 20z",
  "favorite-border": "M12 20C7 16 4 13 4 9.2A4.2 4.2 0 0112 7a4.2 4.2 0 018 2.2C20 13 17 16 12 20z",
  "file-download": "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  flag: "M6 21V4M6 5h12l-3 4 3 4H6",
  help: "M12 3a9 9 0 100 18 9 9 0 000-18M9.5 10a2.5 2.5 0 113.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.5v.5",
  "help-outline": "M12 3a9 9 0 100 18 9 9 0 000-18M9.5 10a2.5 2.5 0 113.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.5v.5",
  home: "M4 11l8-7 8 7M6 9.5V20h12V9.5M10 20v-6h4v6",
  info: "M12 3a9 9 0 100 18 9 9 0 000-18M12 11v6M12 7v1",
  "info-outline": "M12 3a9 9 0 100 18 9 9 0 000-18M12 11v6M12 7v1",
  link: "M10 14a4 4 0 010-6l2-2a4 4 0 016 6l-1 1M14 10a4 4 0 010 6l-2 2a4 4 0 01-6-6l1-1",
  list: "M9 7h11M9 12h11M9 17h11M4.5 7h.1M4.5 12h.1M4.5 17h.1",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 017 0v3",
  menu: "M4 7h16M4 12h16M4 17h16",
  "more-horiz": "M5.5 12h1M11.5 12h1M17.5 12h1",
  "more-vert": "M12 5.5v1M12 11.5v1M12 17.5v1",
  "open-in-new": "M13 4h7v7M20 4l-9 9M10 5H5v14h14v-5",
  "pan-tool": "M7 13V7a1.4 1.4 0 012.8 0v4V5a1.4 1.4 0 012.8 0v6V6a1.4 1.4 0 012.8 0v6V9a1.4 1.4 0 012.8 0v6"
    + "a6 6 0 01-6 6c-3 0-4.5-1.5-6-4l-2.5-4a1.4 1.4 0 012.3-1.5z",
  "question-answer": "M4 5h12v9H8l-4 4zM19 9h1v12l-4-4h-6",
  redo: "M20 11a8 8 0 10-2.5 6M20 5v6h-6",
  refresh: "M19 8a8 8 0 101 5M19 3v5h-5",
  remove: "M5 12h14",
  "report-problem": "M12 4L2.5 20h19zM12 10v5M12 17v1",
  save: "M5 5h11l3 3v11H5zM8 5v5h7V5M8 19v-5h8v5",
  schedule: "M12 3a9 9 0 100 18 9 9 0 000-18M12 7v5l3.5 2.5",
  search: "M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13M15.5 15.5L20 20",
  send: "M4 5l17 7-17 7 3-7zM7 12h14",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
  star: "M12 4l2.5 5.2 5.7.8-4.1 4 1 5.6-5.1-2.7-5.1 2.7 1-5.6-4.1-4 5.7-.8z",
  "thumb-down": "M7 13V4H4v9zM7 12l4 8c2 0 2.5-1.5 2-3l-.7-3H19c1 0 1.7-1 1.4-2l-2-6.5C18 4.5 17.5 4 16.5 4H7",
  "thumb-up": "M7 11v9H4v-9zM7 12l4-8c2 0 2.5 1.5 2 3l-.7 3H19c1 0 1.7 1 1.4 2l-2 6.5c-.4 1-.9 1.5-1.9 1.5H7",
  undo: "M4 11a8 8 0 112.5 6M4 5v6h6",
  visibility: "M2.5 12C5 7.5 8.5 6 12 6s7 1.5 9.5 6c-2.5 4.5-6 6-9.5 6s-7-1.5-9.5-6zM12 9.5a2.5 2.5 0 100 5 2.5 2.5 0 000-5",
  "visibility-off": "M2.5 12C5 7.5 8.5 6 12 6s7 1.5 9.5 6c-2.5 4.5-6 6-9.5 6s-7-1.5-9.5-6zM4 4l16 16",
  warning: "M12 4L2.5 20h19zM12 10v5M12 17v1",
  "zoom-in": "M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13M15.5 15.5L20 20M7.5 10.5h6M10.5 7.5v6",
  "zoom-out": "M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13M15.5 15.5L20 20M7.5 10.5h6",
};
/** Of a name that is not among these. */
const dot = "M12 8a4 4 0 100 8 4 4 0 000-8";

/** An icon by name or image address. Of an unknown name a dot is shown, which is called by the name. */
export function iconNode(name) {
  if (/^(https?:|data:image\/|\/|\.)/.test(name)) return make("img", { src: name, alt: "", width: 20, height: 20 });
  if (!name) return document.createTextNode("");
  const plainName = name.replace(/^.*:/, "");
  const isKnown = Object.hasOwn(strokes, plainName);
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({
    viewBox: "0 0 24 24", width: 20, height: 20, fill: "none", stroke: "currentColor", "stroke-width": 1.8,
    "stroke-linecap": "round", "stroke-linejoin": "round",
    ...(isKnown ? { "aria-hidden": "true" } : { role: "img", "aria-label": plainName }),
  })) picture.setAttribute(key, value);
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", isKnown ? strokes[plainName] : dot);
  picture.append(line);
  return picture;
}

/** `crowd-icon`: the icon named by `icon`. */
export class CrowdIcon extends CrowdElement {
  static observedAttributes = ["icon"];
  static styles = sheet(":host { display: inline-flex; vertical-align: -4px; }");

  render() { this.update(); }
  update() { this.shadowRoot.replaceChildren(iconNode(this.getAttribute("icon") ?? "")); }
}

/** `iron-icon`, which templates put inside crowd buttons. */
export class IronIcon extends CrowdIcon {}

/** `crowd-icon-button`: a button that is an icon; its `title` is its name. */
export class CrowdIconButton extends CrowdElement {
  static observedAttributes = ["icon", "label", "title", "disabled"];
  static styles = sheet(`
    :host { display: inline-block; }
    button { display: grid; place-items: center; width: 40px; height: 40px; border: 0; border-radius: 50%; background: none;
      color: inherit; cursor: pointer; font: inherit; }
    button:hover { background: #e9ecf2; }
    button:disabled { opacity: .45; cursor: default; }
    :host([disabled]) { pointer-events: none; }
  `);
  #button = make("button", { type: "button" });

  get disabled() { return this.hasAttribute("disabled"); }
  set disabled(isDisabled) { this.toggleAttribute("disabled", isDisabled); }

  render() {
    this.shadowRoot.append(this.#button);
    this.update();
  }

  update() {
    const [icon, label] = [this.getAttribute("icon"), this.getAttribute("label")];
    this.#button.disabled = this.disabled;
    this.#button.setAttribute("aria-label", this.title || label || icon || "button");
    this.#button.replaceChildren(icon ? iconNode(icon) : [...(label ?? "")].length > 1 ? "…" : label ?? "");
  }
}

/** `crowd-fab`: the same, floating over the page. */
export class CrowdFab extends CrowdIconButton {
  static styles = sheet(`
    :host { position: fixed; right: 24px; bottom: 24px; z-index: 10; }
    button { display: grid; place-items: center; width: 52px; height: 52px; border: 0; border-radius: 50%;
      background: var(--accent); color: #fff; cursor: pointer;
      font: 600 18px system-ui, sans-serif; box-shadow: 0 3px 10px rgb(0 0 0 / .25); }
    button:hover { background: var(--accent-strong); }
    button:disabled { opacity: .5; cursor: default; }
    :host([disabled]) { pointer-events: none; }
  `);
}
