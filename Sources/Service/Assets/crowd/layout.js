import { adopt, make, sheet } from "../shared/dom.js";
import { CrowdElement } from "./element.js";
import { TabBar, tabBarStyles } from "./tab-bar.js";

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

  /** Shows this page, for something in it that the worker is to see. */
  reveal() { this.closest("crowd-tabs")?.show(this); }
}

/** `crowd-tabs`: shows one of its pages. Fields of hidden pages stay part of the answer. */
export class CrowdTabs extends CrowdElement {
  static styles = sheet(":host { display: block; }");
  #bar = new TabBar();
  #built = false;

  render() {
    adopt(this.shadowRoot, tabBarStyles);
    this.shadowRoot.append(this.#bar.element, make("slot", { slotchange: () => this.#build() }));
    this.#build();
  }

  show(page) {
    const index = this.#pages.indexOf(page);
    if (index >= 0) this.#bar.show(index);
  }

  get #pages() { return [...this.children].filter((child) => child.localName === "crowd-tab"); }

  #build() {
    const entries = this.#pages.map((page, index) => [page.getAttribute("header") ?? `Page ${index + 1}`, page]);
    this.#bar.fill(entries, this.#built ? Math.max(0, this.#bar.shown) : 0);
    this.#built = true;
  }
}
