import css from "dhtmlx-gantt/codebase/dhtmlxgantt.css?inline";

let done = false;

/**
 * The chart's own styles, once. They would fetch a font from a server outside, which neither the policy of our pages
 * nor a network without the internet allows; so the font is left out, and the page's own is used.
 */
export function dressGantt(): void {
  if (done) return;
  done = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css.replace(/@charset[^;]*;/, "").replace(/@font-face\s*\{[^}]*\}/g, ""));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
