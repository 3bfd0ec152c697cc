import { make, sheet } from "../shared/dom.js";
import { CrowdElement } from "./element.js";

/** `short-instructions`: a quiet box beside the work. */
export class ShortInstructions extends CrowdElement {
  static styles = sheet(`
    :host { display: block; border: 1px solid var(--line); border-radius: 8px; background: var(--ground); padding: 14px 16px;
      font-size: 14px; overflow-wrap: anywhere; }
    h2 { font-size: 13px; margin: 0 0 6px; color: var(--soft); }
    ::slotted(:first-child) { margin-top: 0; }
    ::slotted(:last-child) { margin-bottom: 0; }
  `);

  render() {
    this.shadowRoot.append(make("h2", {}, this.getAttribute("header") ?? "Instructions"), make("slot"));
  }
}

/** `full-instructions`: opened on demand. */
export class FullInstructions extends CrowdElement {
  static styles = sheet(`
    :host { display: block; font-size: 14px; overflow-wrap: anywhere; }
    dialog { width: min(720px, 92vw); max-height: 86vh; border: 0; border-radius: 10px; padding: 24px 28px; color: inherit;
      box-shadow: 0 12px 40px rgb(0 0 0 / .3); overflow: auto; }
    dialog::backdrop { background: rgb(20 26 40 / .45); }
    h2 { font-size: 18px; margin: 0 0 12px; }
    .close { float: right; margin: -8px -12px 8px 16px; }
  `);

  render() {
    const title = this.getAttribute("header") ?? "Full instructions";
    const dialog = make("dialog", { "aria-label": title },
      make("button", { type: "button", class: "plain close", click: () => dialog.close() }, "Close"),
      make("h2", {}, title), make("slot"));
    const open = make("button", { type: "button", class: "plain", click: () => dialog.showModal() }, "View full instructions");
    this.shadowRoot.append(open, dialog);
  }
}

/** `classification-target`: what is classified, as the template wrote it. */
export class ClassificationTarget extends CrowdElement {
  static styles = sheet(":host { display: block; }");
}
