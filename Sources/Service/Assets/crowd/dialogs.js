import { adopt, make, sheet } from "../shared/dom.js";
import { CrowdElement } from "./element.js";
import { TabBar, tabBarStyles } from "./tab-bar.js";

const styles = sheet(`
  :host { display: inline-block; }
  dialog { width: min(720px, 92vw); max-height: 86vh; border: 0; border-radius: 10px; padding: 24px 28px; color: inherit;
    box-shadow: 0 12px 40px rgb(0 0 0 / .3); overflow: auto; }
  dialog::backdrop { background: rgb(20 26 40 / .45); }
  .close { float: right; margin: -8px -12px 8px 16px; }
  .tabs { margin-bottom: 16px; clear: both; }
  h3 { font-size: 15px; margin: 16px 0 4px; }
`);

/** `crowd-modal`: its content in a window that `link-text` opens. */
export class CrowdModal extends CrowdElement {
  static observedAttributes = ["link-text", "link-type"];
  static styles = styles;
  static defaultLinkText = "Click to open modal";
  #trigger = make("button", { type: "button", click: () => this.open() });
  #dialog = make("dialog", {});

  render() {
    const close = make("button", { type: "button", class: "plain close", click: () => this.close() }, "Close");
    this.#dialog.append(close, ...this.content());
    this.shadowRoot.append(this.#trigger, this.#dialog);
    this.update();
  }

  /** What the window holds. */
  content() { return [make("slot")]; }

  update() {
    const text = this.getAttribute("link-text") ?? this.constructor.defaultLinkText;
    this.#trigger.textContent = text;
    this.#trigger.className = this.getAttribute("link-type") === "button" ? "plain" : "link";
    this.#dialog.setAttribute("aria-label", text);
  }

  open() { if (!this.#dialog.open) this.#dialog.showModal(); }
  /** Opens the window, for something in it that the worker is to see. */
  reveal() { this.open(); }
  close() { this.#dialog.close(); }
}

/** `crowd-instructions`: pages "Summary", "Detailed instructions" and "Examples", of which the empty ones are left out. */
export class CrowdInstructions extends CrowdModal {
  static defaultLinkText = "Click for instructions";

  content() {
    const pages = [
      ["Summary", this.#part("short-summary")],
      ["Detailed instructions", this.#part("detailed-instructions")],
      ["Examples", [...this.#part("positive-example", "A good answer"), ...this.#part("negative-example", "A bad answer")]],
    ].filter(([, parts]) => parts.length);
    const entries = pages.map(([title, parts]) => [title, make("div", {}, ...parts)]);
    const bar = new TabBar();
    bar.fill(entries);
    adopt(this.shadowRoot, tabBarStyles);
    return [bar.element, ...entries.map(([, panel]) => panel)];
  }

  #part(name, heading) {
    const found = [...this.children].filter((child) => child.localName === name);
    if (!found.length) return [];
    for (const child of found) child.slot = name;
    return [...(heading ? [make("h3", {}, heading)] : []), make("slot", { name })];
  }
}
