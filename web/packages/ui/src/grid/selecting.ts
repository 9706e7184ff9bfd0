/** The selection after a press on one line: alone it toggles, with shift all between it and the last one pressed. */
export function pressed(
  selected: ReadonlySet<string>,
  key: string,
  last: string | null,
  shift: boolean,
  all: readonly string[],
): Set<string> {
  const next = new Set(selected);
  const [from, to] = [last === null ? -1 : all.indexOf(last), all.indexOf(key)];
  if (!shift || from < 0 || to < 0) {
    if (!next.delete(key)) next.add(key);
    return next;
  }
  const on = last !== null && selected.has(last);
  for (const item of all.slice(Math.min(from, to), Math.max(from, to) + 1)) {
    if (on) next.add(item);
    else next.delete(item);
  }
  return next;
}
