import { make, sheet } from "../shared/dom.js";
import { CrowdElement } from "./element.js";

/** Strokes on a 24 by 24 grid, under the names that templates use. */
const strokes = {
  add: "M12 5v14M5 12h14",
  "arrow-back": "M20 12H5M11 6l-6 6 6 6",
  "arrow-forward": "M4 12h15M13 6l6 6-6 6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  clear: "M6 6l12 12M18 6L6 18",
  create: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  delete: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
  done: "M5 12.5l4.5 4.5L19 7.5",
  error: "M12 3a9 9 0 100 18 9 9 0 000-18M12 7v6M12 16v1",
  "error-outline": "M12 3a9 9 0 100 18 9 9 0 000-18M12 7v6M12 16v1",
  help: "M12 3a9 9 0 100 18 9 9 0 000-18M9.5 10a2.5 2.5 0 113.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.5v.5",
  "help-outline": "M12 3a9 9 0 100 18 9 9 0 000-18M9.5 10a2.5 2.5 0 113.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.5v.5",
  info: "M12 3a9 9 0 100 18 9 9 0 000-18M12 11v6M12 7v1",
  "info-outline": "M12 3a9 9 0 100 18 9 9 0 000-18M12 11v6M12 7v1",
  menu: "M4 7h16M4 12h16M4 17h16",
  "question-answer": "M4 5h12v9H8l-4 4zM19 9h1v12l-4-4h-6",
  redo: "M20 11a8 8 0 10-2.5 6M20 5v6h-6",
  remove: "M5 12h14",
  "report-problem": "M12 4L2.5 20h19zM12 10v5M12 17v1",
  search: "M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13M15.5 15.5L20 20",
  send: "M4 5l17 7-17 7 3-7zM7 12h14",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
  star: "M12 4l2.5 5.2 5.7.8-4.1 4 1 5.6-5.1-2.7-5.1 2.7 1-5.6-4.1-4 5.7-.8z",
  undo: "M4 11a8 8 0 112.5 6M4 5v6h6",
  warning: "M12 4L2.5 20h19zM12 10v5M12 17v1",
};

/** An icon by name or image address. Of an unknown name the first letter is shown, so that a button is never empty. */
export function iconNode(name) {
  if (/^(https?:|data:image\/|\/|\.)/.test(name)) return make("img", { src: name, alt: "", width: 20, height: 20 });
  const path = strokes[name.replace(/^.*:/, "")];
  if (!path) return document.createTextNode(name.slice(0, 1).toUpperCase());
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({
    viewBox: "0 0 24 24", width: 20, height: 20, fill: "none", stroke: "currentColor", "stroke-width": 1.8,
    "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true",
  })) picture.setAttribute(key, value);
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
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
