import { make, sheet } from "../shared/dom.js";
import { CrowdElement } from "./element.js";

/** `crowd-card`: a box with an optional `heading` and `image`. */
export class CrowdCard extends CrowdElement {
  static styles = sheet(`
    :host { display: inline-block; border: 1px solid var(--line); border-radius: 9px; background: #fff;
      box-shadow: 0 1px 3px rgb(20 26 40 / .12); overflow: hidden; }
    h2 { font-size: 16px; margin: 14px 16px 8px; }
    img { display: block; max-width: 100%; }
  `);

  render() {
    const [heading, image] = [this.getAttribute("heading"), this.getAttribute("image")];
    if (image) this.shadowRoot.append(make("img", { src: image, alt: "" }));
    if (heading) this.shadowRoot.append(make("h2", {}, heading));
    this.shadowRoot.append(make("slot"));
  }
}

/** `crowd-tab`: one page of `crowd-tabs`, named by `header`. */
export class CrowdTab extends CrowdElement {
  static styles = sheet(":host { display: block; padding: 16px 0; }");

  render() {
    this.setAttribute("role", "tabpanel");
    super.render();
  }
}

/** `crowd-tabs`: shows one of its pages; arrow keys move among the tabs. Fields of hidden pages stay part of the answer. */
export class CrowdTabs extends CrowdElement {
  static styles = sheet(`
    :host { display: block; }
    .tabs { display: flex; flex-wrap: wrap; gap: 4px; border-bottom: 1px solid var(--line); }
    button { font: inherit; border: 0; background: none; padding: 9px 16px; cursor: pointer; border-bottom: 3px solid transparent;
      color: inherit; }
    button[aria-selected=true] { border-color: var(--accent); font-weight: 600; }
  `);
  #bar = make("div", { class: "tabs", role: "tablist" });

  render() {
    this.#bar.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) this.#show(this.#chosen + step, true);
    });
    this.shadowRoot.append(this.#bar, make("slot", { slotchange: () => this.#build() }));
    this.#build();
  }

  get #pages() { return [...this.children].filter((child) => child.localName === "crowd-tab"); }
  get #chosen() { return [...this.#bar.children].findIndex((tab) => tab.getAttribute("aria-selected") === "true"); }

  #build() {
    const chosen = Math.max(0, this.#chosen);
    this.#bar.replaceChildren(...this.#pages.map((page, index) => {
      const title = page.getAttribute("header") ?? `Page ${index + 1}`;
      page.setAttribute("aria-label", title);
      return make("button", { type: "button", role: "tab", click: () => this.#show(index, true) }, title);
    }));
    this.#show(chosen, false);
  }

  #show(wanted, moves) {
    const pages = this.#pages;
    if (!pages.length) return;
    const chosen = (wanted + pages.length) % pages.length;
    pages.forEach((page, index) => { page.hidden = index !== chosen; });
    [...this.#bar.children].forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === chosen));
      tab.tabIndex = index === chosen ? 0 : -1;
      if (moves && index === chosen) tab.focus();
    });
  }
}
