/** Move the focus over the items of a list with the arrow keys, Home and End; the list listens on itself. */
export function moveFocus(event: KeyboardEvent): void {
  const list = event.currentTarget as HTMLElement;
  const rows = [...list.querySelectorAll<HTMLElement>(":scope > li, :scope > * > li")];
  const target = event.target as HTMLElement;
  if (rows.length === 0 || target.matches("input:not([type=checkbox]), textarea, [contenteditable]")) return;
  const at = rows.findIndex((row) => row.contains(target));
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  const row = rows[Math.min(Math.max(next, 0), rows.length - 1)];
  (row?.querySelector<HTMLElement>("[data-row-focus]") ?? row)?.focus();
}
