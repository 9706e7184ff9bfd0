import type { Place } from "./types.ts";

/** Where the keyboard goes from a cell. */
export type Step = "up" | "down" | "left" | "right" | "home" | "end" | "top" | "bottom" | "page-up" | "page-down";

const KEYS: Record<string, Step> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
  Home: "home",
  End: "end",
  PageUp: "page-up",
  PageDown: "page-down",
};

export function stepOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey">): Step | null {
  if (event.ctrlKey || event.metaKey) {
    if (event.key === "Home") return "top";
    return event.key === "End" ? "bottom" : null;
  }
  return KEYS[event.key] ?? null;
}

/** The cell after a step; it stays inside. */
export function moved(
  from: Place | null,
  step: Step,
  keys: readonly string[],
  fields: readonly string[],
  page: number,
): Place | null {
  const [firstKey, firstField] = [keys[0], fields[0]];
  if (firstKey === undefined || firstField === undefined) return null;
  const row = from === null ? -1 : keys.indexOf(from.key);
  const column = from === null ? -1 : fields.indexOf(from.field);
  if (row < 0) return { key: firstKey, field: column < 0 ? firstField : (fields[column] ?? firstField) };
  const [lastRow, lastColumn] = [keys.length - 1, fields.length - 1];
  const to: Record<Step, [number, number]> = {
    up: [row - 1, column],
    down: [row + 1, column],
    left: [row, column - 1],
    right: [row, column + 1],
    home: [row, 0],
    end: [row, lastColumn],
    top: [0, column],
    bottom: [lastRow, column],
    "page-up": [row - page, column],
    "page-down": [row + page, column],
  };
  const [nextRow, nextColumn] = to[step];
  const key = keys[Math.min(Math.max(nextRow, 0), lastRow)] ?? firstKey;
  return { key, field: fields[Math.min(Math.max(nextColumn, 0), lastColumn)] ?? firstField };
}

/** The cells between two corners. */
export interface Range {
  keys: string[];
  fields: string[];
}

export function rangeOf(one: Place, other: Place, keys: readonly string[], fields: readonly string[]): Range {
  return { keys: between(one.key, other.key, keys), fields: between(one.field, other.field, fields) };
}

function between(one: string, other: string, all: readonly string[]): string[] {
  const [first, last] = [all.indexOf(one), all.indexOf(other)].sort((left, right) => left - right);
  return first === undefined || last === undefined || first < 0 ? [] : all.slice(first, last + 1);
}

/** A list with one of its members put before or after another. */
export function reordered(all: readonly string[], moving: string, target: string, after: boolean): string[] {
  if (moving === target) return [...all];
  const others = all.filter((item) => item !== moving);
  const place = others.indexOf(target);
  if (place < 0) return [...all];
  others.splice(place + (after ? 1 : 0), 0, moving);
  return others;
}

/** The sort after a click on a header: ascending, descending, none. With `more` the others stay. */
export function resorted<T extends { field: string; descending: boolean }>(
  sorts: readonly T[],
  field: string,
  more: boolean,
  most = 3,
): { field: string; descending: boolean }[] {
  const now = sorts.find((sort) => sort.field === field);
  const next = now === undefined ? [{ field, descending: false }] : now.descending ? [] : [{ field, descending: true }];
  if (!more) return next;
  const place = sorts.findIndex((sort) => sort.field === field);
  if (place < 0) return [...sorts, ...next].slice(-most);
  return [...sorts.slice(0, place), ...next, ...sorts.slice(place + 1)];
}
