import { make, sheet } from "../shared/dom.js";
import { CrowdElement } from "./element.js";
import { iconNode } from "./icons.js";

/**
 * `crowd-button`: `form-action="submit"` or `"reset"` acts on the `crowd-form` around it, or on the page's first one when it
 * stands outside; without `form-action` it is a button for scripts. With `href` it is a link.
 */
export class CrowdButton extends CrowdElement {
  static observedAttributes = ["disabled", "loading", "variant", "icon", "icon-url", "icon-align", "href", "target"];
  static styles = sheet(`
    :host { display: inline-block; }
    .control { font: 600 15px/1.2 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
      display: inline-flex; align-items: center; justify-content: center;
      gap: 8px; min-height: 38px; padding: 8px 18px; border-radius: 7px; border: 1px solid var(--line); background: #fff;
        color: #1d2433; cursor: pointer; text-decoration: none; }
    .control:hover { background: var(--ground); }
    .control.primary { background: var(--accent); border-color: var(--accent); color: #fff; }
    .control.primary:hover { background: var(--accent-strong); }
    .control.link { border-color: transparent; background: none; color: var(--accent); text-decoration: underline;
      padding-inline: 6px; }
    .control.icon { padding: 8px; }
    .control.right { flex-direction: row-reverse; }
    /* A browser keeps the pointer's events of a disabled button from everybody; pages hear those of the element itself. */
    .control:disabled { opacity: .5; pointer-events: none; }
    .loading { width: 16px; height: 16px; border: 2px solid currentColor; border-right-color: transparent; border-radius: 50%;
      animation: turn .8s linear infinite; }
    @media (forced-colors: active) { .loading { forced-color-adjust: none; } .control.primary { border-width: 3px; } }
    @keyframes turn { to { transform: rotate(1turn); } }
    @media (prefers-reduced-motion: reduce) { .loading { animation-duration: 4s; } }
  `);

  get disabled() { return this.hasAttribute("disabled"); }
  set disabled(isDisabled) { this.toggleAttribute("disabled", isDisabled); }
  get loading() { return this.hasAttribute("loading"); }
  set loading(isLoading) { this.toggleAttribute("loading", isLoading); }

  render() {
    this.addEventListener("click", (event) => { if (this.disabled || this.loading) event.stopImmediatePropagation(); }, true);
    this.addEventListener("click", (event) => this.#act(event));
    this.update();
  }

  focus(options) { this.shadowRoot.querySelector(".control")?.focus(options); }

  update() {
    const classes = ["control", this.getAttribute("variant") ?? "normal", this.getAttribute("icon-align") ?? "left"].join(" ");
    const href = this.getAttribute("href");
    const isSafeLink = href !== null && /^(https?:|mailto:|[^:]*$)/i.test(href.trim());
    const control = isSafeLink
      ? make("a", { class: classes, href, target: this.getAttribute("target"), rel: "noopener" })
      : make("button", { class: classes, type: "button", disabled: this.disabled || this.loading, "aria-busy": this.loading });
    const icon = this.getAttribute("icon-url") ?? this.getAttribute("icon");
    if (this.loading) control.append(make("span", { class: "loading" }));
    else if (icon) control.append(iconNode(icon));
    control.append(make("slot"));
    this.shadowRoot.replaceChildren(control);
  }

  #act(event) {
    const action = this.getAttribute("form-action");
    if (action !== "submit" && action !== "reset") return;
    const form = event.composedPath().find((node) => node.localName === "crowd-form") ?? document.querySelector("crowd-form");
    form?.[action]();
  }
}
