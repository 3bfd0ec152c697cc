// The one file a template includes, by `<script src>` as on AWS: a classic script and a module alike. A classic script from another
// origin, which is what a sandboxed frame makes of ours, has no base for relative imports, so its own address is.
import(document.currentScript ? new URL("./elements.js", document.currentScript.src) : "./elements.js");

{
  // Until the elements are defined their contents would stand on the page without any form.
  const untilDefined = new CSSStyleSheet();
  untilDefined.replaceSync(":is(crowd-form, crowd-entity-annotation, crowd-classifier):not(:defined) { visibility: hidden; }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, untilDefined];
}
