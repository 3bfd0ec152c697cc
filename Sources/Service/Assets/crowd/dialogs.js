import { make, sheet } from "../shared/dom.js";
import { CrowdElement } from "./element.js";

const styles = sheet(`
  :host { display: inline-block; }
  dialog { width: min(720px, 92vw); max-height: 86vh; border: 0; border-radius: 10px; padding: 24px 28px; color: inherit;
    box-shadow: 0 12px 40px rgb(0 0 0 / .3); overflow: auto; }
  dialog::backdrop { background: rgb(20 26 40 / .45); }
  .close { float: right; margin: -8px -12px 8px 16px; }
  .tabs { display: flex; gap: 4px; border-bottom: 1px solid var(--line); margin-bottom: 16px; clear: both; }
  .tabs button { font: inherit; border: 0; background: none; padding: 8px 14px; cursor: pointer;
    border-bottom: 3px solid transparent; color: inherit; }
  .tabs button[aria-selected=true] { border-color: var(--accent); font-weight: 600; }
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

  open() { this.#dialog.showModal(); }
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
    const panels =
      pages.map(([title, parts], index) => make("div", { role: "tabpanel", "aria-label": title, hidden: index > 0 }, ...parts));
    const tabs = pages.map(
      ([title], index) =>
        make("button", { type: "button", role: "tab", "aria-selected": index === 0, click: () => show(index) }, title));
    const show = (chosen) => tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === chosen));
      panels[index].hidden = index !== chosen;
    });
    return [make("div", { class: "tabs", role: "tablist" }, ...tabs), ...panels];
  }

  #part(name, heading) {
    const found = [...this.children].filter((child) => child.localName === name);
    if (!found.length) return [];
    for (const child of found) child.slot = name;
    return [...(heading ? [make("h3", {}, heading)] : []), make("slot", { name })];
  }
}
