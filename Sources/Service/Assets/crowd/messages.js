import { make, sheet } from "../shared/dom.js";
import { CrowdElement } from "./element.js";
import { iconNode } from "./icons.js";

/** `crowd-alert`: a message of a `type`, which `dismissible` lets the worker close. */
export class CrowdAlert extends CrowdElement {
  static styles = sheet(`
    :host { display: flex; gap: 12px; align-items: start; border-radius: 7px; padding: 10px 14px; margin: 8px 0;
      background: #edf2ff; border: 1px solid #c3d0f7; }
    :host([type=success]) { background: #e8f6ec; border-color: #b5dcc1; }
    :host([type=warning]) { background: #fff6e0; border-color: #ecd8a4; }
    :host([type=error]) { background: #fdeceb; border-color: #f0c0bd; }
    div { flex: 1; min-width: 0; }
  `);

  render() {
    this.setAttribute("role", this.getAttribute("type") === "error" ? "alert" : "status");
    this.shadowRoot.append(make("div", {}, make("slot")));
    if (this.hasAttribute("dismissible")) {
      const close = () => { this.hidden = true; };
      const button = make("button", { type: "button", class: "link", "aria-label": "Close this message", click: close });
      button.append(iconNode("clear"));
      this.shadowRoot.append(button);
    }
  }
}

/** `crowd-toast`: a message for `duration` milliseconds (3,000 by default) while `opened`. One is visible at a time. */
export class CrowdToast extends CrowdElement {
  static observedAttributes = ["opened", "text"];
  static styles = sheet(`
    :host { display: none; position: fixed; left: 24px; bottom: 24px; z-index: 20; max-width: min(480px, 90vw);
      background: #232b3b; color: #fff; border-radius: 7px; padding: 12px 18px; box-shadow: 0 4px 16px rgb(0 0 0 / .3); }
    :host([opened]) { display: block; }
  `);
  #text = make("span");
  #timer;

  render() {
    this.setAttribute("role", "status");
    this.shadowRoot.append(this.#text, make("slot"));
    this.update();
  }

  update() {
    this.#text.textContent = this.getAttribute("text") ?? "";
    clearTimeout(this.#timer);
    if (!this.hasAttribute("opened")) return;
    for (const other of document.querySelectorAll("crowd-toast[opened]")) if (other !== this) other.close();
    const duration = Number(this.getAttribute("duration") ?? 3000);
    if (duration > 0) this.#timer = setTimeout(() => this.close(), duration);
  }

  open() { this.show(); }
  show() { this.setAttribute("opened", ""); }
  close() { this.removeAttribute("opened"); }
}

/** `crowd-spinner`. */
export class CrowdSpinner extends CrowdElement {
  static styles = sheet(`
    :host { display: inline-block; width: 28px; height: 28px; border: 3px solid var(--line); border-top-color: var(--accent);
      border-radius: 50%; animation: turn .9s linear infinite; }
    @keyframes turn { to { transform: rotate(1turn); } }
    @media (prefers-reduced-motion: reduce) { :host { animation-duration: 4s; } }
    @media (forced-colors: active) { :host { forced-color-adjust: none; border-color: GrayText; border-top-color: Highlight; } }
  `);

  render() {
    this.setAttribute("role", "status");
    this.setAttribute("aria-label", this.getAttribute("aria-label") ?? "Please wait");
  }
}

/** Something beside the element whose id is `for`, or else the parent. */
class CrowdCompanion extends CrowdElement {
  get subject() {
    const id = this.getAttribute("for");
    return (id && this.getRootNode().getElementById?.(id)) || this.parentElement;
  }
}

/** `crowd-badge`: a small `icon` or `label` over the top right corner of its subject. */
export class CrowdBadge extends CrowdCompanion {
  static styles = sheet(`
    :host { position: absolute; right: -10px; top: -10px; min-width: 24px; height: 24px; padding: 0 5px; display: inline-grid;
      place-items: center; border-radius: 12px; background: var(--danger); color: #fff; font-size: 12px; font-weight: 600; }
    svg { width: 15px; height: 15px; }
  `);

  render() {
    const icon = this.getAttribute("icon");
    this.shadowRoot.append(icon ? iconNode(icon) : this.getAttribute("label") ?? "");
    const subject = this.subject;
    if (getComputedStyle(subject).position === "static") subject.style.position = "relative";
    if (this.parentElement !== subject) subject.append(this);
  }
}

/** `crowd-tooltip`: its text while the subject has the pointer or the focus; Escape closes it. */
export class CrowdTooltip extends CrowdCompanion {
  static #count = 0;
  static styles = sheet(`
    :host { position: fixed; z-index: 30; display: none; max-width: 320px; background: #232b3b; color: #fff; border-radius: 6px;
      padding: 6px 10px; font-size: 13px; pointer-events: none; }
    :host([opened]) { display: block; }
  `);

  render() {
    this.setAttribute("role", "tooltip");
    this.shadowRoot.append(make("slot"));
    const subject = this.subject;
    const [show, hide] = [() => this.#show(subject), () => this.removeAttribute("opened")];
    for (const name of ["mouseenter", "focusin"]) subject.addEventListener(name, show);
    for (const name of ["mouseleave", "focusout"]) subject.addEventListener(name, hide);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
    this.id ||= `crowd-tooltip-${++CrowdTooltip.#count}`;
    subject.setAttribute("aria-describedby", this.id);
  }

  #show(subject) {
    const box = subject.getBoundingClientRect();
    this.setAttribute("opened", "");
    this.style.left = `${Math.max(8, Math.min(box.left, innerWidth - this.offsetWidth - 8))}px`;
    this.style.top = `${box.bottom + 6 + this.offsetHeight > innerHeight ? box.top - this.offsetHeight - 6 : box.bottom + 6}px`;
  }
}
