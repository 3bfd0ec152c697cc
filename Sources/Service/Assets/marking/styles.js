import { sheet } from "../shared/dom.js";

/** Twelve hues far apart for the eye, in the order that labels take them. */
const hues = [255, 155, 70, 310, 25, 205, 110, 345, 180, 285, 50, 230];
const hueRules = hues.map((hue, index) => `.pl-hue-${index} { --pl-hue: ${hue}; }`).join("\n");

/** The text, its marks and its caret. `color-scheme` of the surroundings chooses between light and dark. */
export const markingStyles = sheet(`
  ${hueRules}
  [class*="pl-hue-"] {
    --pl-tint: light-dark(oklch(0.8 0.11 var(--pl-hue) / .42), oklch(0.62 0.13 var(--pl-hue) / .36));
    --pl-line: light-dark(oklch(0.55 0.17 var(--pl-hue)), oklch(0.74 0.14 var(--pl-hue)));
    --pl-name: light-dark(oklch(0.42 0.13 var(--pl-hue)), oklch(0.86 0.09 var(--pl-hue))); }
  .pl-hue-none { --pl-tint: light-dark(rgb(120 130 150 / .25), rgb(150 160 180 / .3)); --pl-line: light-dark(#667085, #a7b0c0);
    --pl-name: light-dark(#475063, #c9d0dc); }
  .pl-scroller { overflow: auto; position: relative; overscroll-behavior: contain; cursor: text; font-size: 17px;
    line-height: 2.25; -webkit-touch-callout: default;
    color: light-dark(#1d2433, #e6e9ef); background: light-dark(#fff, #171b23); }
  .pl-scroller:focus { outline: none; }
  .pl-scroller:focus-visible { outline: 1px solid light-dark(#2450c5, #8fb0ff); outline-offset: -1px; }
  .pl-text { padding: 24px 24px 40px; max-width: 78ch; box-sizing: content-box; }
  .pl-chunk { position: relative; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; unicode-bidi: plaintext;
    text-align: start; min-height: 1lh; content-visibility: auto; isolation: isolate;
    margin: -12px -24px 0; padding: 12px 24px 0; user-select: text; -webkit-user-select: text; font: inherit;
      letter-spacing: normal; text-indent: 0; text-transform: none; }
  .pl-chunk::selection { background: light-dark(#b9d0ff, #3a5da8); }
  .pl-layer { position: absolute; inset: 0; z-index: -1; user-select: none; -webkit-user-select: none; pointer-events: none;
    line-height: 1; }
  .pl-mark, .pl-extra, .pl-tag, .pl-caret, .pl-handle { position: absolute; box-sizing: border-box; }
  .pl-mark { background: var(--pl-tint); }
  .pl-mark::after { content: ""; position: absolute; left: 0; right: 0; bottom: -2px; height: 2px; background: var(--pl-line); }
  .pl-lane-1::after { bottom: -6px; }
  .pl-lane-2::after { bottom: -10px; }
  .pl-first { border-radius: 3px 0 0 0; }
  .pl-last { border-radius: 0 3px 0 0; }
  .pl-first.pl-last { border-radius: 3px 3px 0 0; }
  .pl-mark.pl-pending { background: repeating-linear-gradient(135deg, var(--pl-tint) 0 2px, transparent 2px 6px); }
  .pl-mark.pl-pending::after { background: repeating-linear-gradient(90deg, var(--pl-line) 0 5px, transparent 5px 8px); }
  .pl-mark.pl-current { box-shadow: inset 0 0 0 1.5px var(--pl-line); }
  .pl-mark.pl-current::after { height: 3px; }
  .pl-tag { max-width: 16ch; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; transform: translateY(-100%);
    font: 600 11px/14px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; color: var(--pl-name);
      padding-right: 4px; }
  .pl-tag::before { content: attr(data-name); }
  .pl-tag.pl-pending { font-style: italic; }
  .pl-tag.pl-current { text-decoration: underline; text-underline-offset: 2px; }
  .pl-front { z-index: 1; }
  /* More of it lies inside the mark than outside: a selection may begin at the next word. */
  .pl-handle { width: 13px; margin: -4px 0 0 -3px; padding-bottom: 8px; box-sizing: content-box; pointer-events: auto;
    cursor: ew-resize; touch-action: none; }
  .pl-handle[data-edge=end] { margin-left: -10px; }
  .pl-handle::before { content: ""; position: absolute; left: 1.5px; top: 0; bottom: 0; width: 3px; border-radius: 2px;
    background: var(--pl-line); }
  .pl-handle[data-edge=end]::before { left: 8.5px; }
  .pl-uncertain { border-bottom: 2px dotted light-dark(#a15c00, #f0b35a); }
  .pl-linked { outline: 2px solid light-dark(#b45309, #f5b041); outline-offset: 1px; border-radius: 2px;
    background: light-dark(rgb(255 196 0 / .3), rgb(245 176 65 / .28)); }
  .pl-caret { width: 2px; background: light-dark(#1d2433, #fff); margin-left: -1px; pointer-events: none;
    animation: pl-blink 1.1s steps(1) infinite; }
  @keyframes pl-blink { 50% { opacity: 0; } }
  @media (prefers-reduced-motion: reduce) { .pl-caret { animation: none; } }
  /* Browsers put an opaque ground behind rows of forced text, which would cover the marks; so the text takes its colours here. */
  @media (forced-colors: active) {
    .pl-scroller { forced-color-adjust: none; color: CanvasText; background: Canvas; }
    .pl-scroller:focus-visible { outline: 2px solid Highlight; outline-offset: -2px; }
    .pl-chunk::selection { background: Highlight; color: HighlightText; }
    .pl-mark::after { background: CanvasText; }
    .pl-mark.pl-pending::after { background: repeating-linear-gradient(90deg, CanvasText 0 5px, transparent 5px 8px); }
    .pl-mark.pl-current { box-shadow: none; outline: 2px solid Highlight; }
    .pl-mark.pl-current::after, .pl-handle::before { background: Highlight; }
    .pl-tag { color: CanvasText; }
    .pl-uncertain { border-color: CanvasText; }
    .pl-linked { outline-color: Highlight; background: none; }
    .pl-caret { background: CanvasText; } }
`);
