import { make, sheet } from "../shared/dom.js";

export const tabBarStyles = sheet(`
  .tabs { display: flex; flex-wrap: wrap; gap: 4px; border-bottom: 1px solid var(--line); }
  .tabs button { font: inherit; border: 0; background: none; padding: 9px 16px; cursor: pointer;
    border-bottom: 3px solid transparent; color: inherit; }
  .tabs button[aria-selected=true] { border-color: var(--accent); font-weight: 600; }
  @media (forced-colors: active) {
    .tabs button { border: 0; }
    .tabs button[aria-selected=true] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
    .tabs button:focus-visible { outline-color: CanvasText; }
  }
`);

/** Tabs over panels, of which one is shown: one stop of the Tab key, among whose tabs arrow keys, Home and End move. */
export class TabBar {
  element = make("div", { class: "tabs", role: "tablist" });
  #panels = [];

  constructor() {
    this.element.addEventListener("keydown", (event) => {
      const last = this.#panels.length - 1;
      const wanted = { ArrowRight: this.shown + 1, ArrowLeft: this.shown - 1, Home: 0, End: last }[event.key];
      if (wanted === undefined || last < 0) return;
      event.preventDefault();
      this.show((wanted + last + 1) % (last + 1), true);
    });
  }

  /** The place of the panel that is shown; -1 when there is none. */
  get shown() { return this.#panels.findIndex((panel) => !panel.hidden); }

  /** @param {Array<[string, HTMLElement]>} entries Titles and their panels, which become `tabpanel`s. */
  fill(entries, shown = 0) {
    this.#panels = entries.map(([, panel]) => panel);
    this.element.replaceChildren(...entries.map(([title, panel], index) => {
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-label", title);
      const tab = make("button", { type: "button", role: "tab", click: () => this.show(index, true) }, title);
      // A panel may stand in the tree around this one, where an id would not be found.
      tab.ariaControlsElements = [panel];
      return tab;
    }));
    if (entries.length) this.show(Math.min(shown, entries.length - 1));
  }

  show(shown, moves = false) {
    this.#panels.forEach((panel, index) => { panel.hidden = index !== shown; });
    [...this.element.children].forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === shown));
      tab.tabIndex = index === shown ? 0 : -1;
      if (moves && index === shown) tab.focus();
    });
  }
}
