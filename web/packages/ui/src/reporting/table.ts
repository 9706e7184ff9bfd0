import { grouped, percentText } from "@superpaas/api";

import type { Figures, Result, ResultItem, ResultMeasure } from "./types.ts";

/** One column of figures: a measure, within a group across. */
export interface FigureColumn {
  key: string;
  /** The labels of the group across, empty for the sums. */
  across: string[];
  measure: ResultMeasure;
  total: boolean;
}

export interface FigureCell {
  text: string;
  value: string | number | null;
  item: ResultItem | null;
  change: string | null;
}

export interface ReportRow {
  key: string;
  labels: string[];
  /** How many dimensions the row is of; fewer than all is a subtotal. */
  depth: number;
  subtotal: boolean;
  cells: FigureCell[];
  item: ResultItem | null;
}

export interface ReportTable {
  columns: FigureColumn[];
  rows: ReportRow[];
  total: ReportRow | null;
}

/** The answer of a report as a table: one row a group down, a column a measure and group across. */
export function tableOf(result: Result): ReportTable {
  const across = acrossOf(result);
  const columns = across.flatMap(({ key, labels }) =>
    result.measures.map((measure) => ({ key: `${key}/${measure.name}`, across: labels, measure, total: key === "[]" })),
  );
  const places = new Map<string, Map<string, ResultItem>>();
  const order: string[] = [];
  for (const item of result.items) {
    const row = JSON.stringify([item.row, item.rest]);
    const known = places.get(row) ?? new Map<string, ResultItem>();
    if (!places.has(row)) {
      places.set(row, known);
      order.push(row);
    }
    known.set(JSON.stringify(item.column), item);
  }
  const totals = new Map(result.totals.map((item) => [JSON.stringify(item.column), item]));
  const rows = order
    .map((key) => rowOf(key, places.get(key) ?? new Map(), across, result))
    .filter((row) => row.depth > 0);
  const total = totals.size === 0 ? null : rowOf("total", totals, across, result);
  // Without groups down, the sums are all there is.
  return { columns, rows: result.rows.length === 0 && total !== null ? [total] : rows, total };
}

/** The groups across in the order of the table, the sums last. */
export function acrossOf(result: Result): { key: string; labels: string[] }[] {
  if (result.columns.length === 0) return [{ key: "[]", labels: [] }];
  const found = new Map<string, { key: string; labels: string[]; keys: unknown[] }>();
  for (const item of [...result.totals, ...result.items]) {
    const key = JSON.stringify(item.column);
    if (item.column.length > 0 && !found.has(key)) found.set(key, { key, labels: item.column_labels, keys: item.column });
  }
  return [...found.values(), { key: "[]", labels: [] }];
}

function rowOf(
  key: string,
  items: Map<string, ResultItem>,
  across: { key: string }[],
  result: Result,
): ReportRow {
  const first = items.get("[]") ?? [...items.values()][0] ?? null;
  const depth = first?.row.length ?? 0;
  return {
    key,
    labels: first?.row_labels ?? [],
    depth,
    subtotal: depth < result.rows.length,
    item: first,
    cells: across.flatMap((group) => {
      const item = items.get(group.key) ?? null;
      return result.measures.map((measure) => cellOf(item, measure));
    }),
  };
}

function cellOf(item: ResultItem | null, measure: ResultMeasure): FigureCell {
  const value = item?.values[measure.name] ?? null;
  return { text: figureText(value, measure.kind), value, item, change: changeText(item?.change?.[measure.name]) };
}

/** A figure as people read it. */
export function figureText(value: Figures[string], kind: string): string {
  if (value === null) return "";
  if (kind === "percent") return percentText(value);
  if (kind === "money" || kind === "price") return grouped(value, { least: 2 }) || String(value);
  return grouped(value) || String(value);
}

/** `0.25` → `+25%`. */
export function changeText(change: string | null | undefined): string | null {
  if (change === null || change === undefined) return null;
  const text = percentText(change);
  return text.startsWith("-") || text === "0%" ? text : `+${text}`;
}

/** As far as the keys of rows are equal to those of the row before, they need not be told again. */
export function repeated(row: ReportRow, before: ReportRow | undefined): number {
  if (before === undefined) return 0;
  let same = 0;
  while (same < row.labels.length - 1 && same < before.labels.length && row.labels[same] === before.labels[same]) same += 1;
  return same;
}

const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** Rows as CSV text that a spreadsheet opens without running what stands in it. */
export function csvOf(rows: readonly (readonly unknown[])[]): string {
  const cell = (value: unknown): string => {
    const plain = value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
    const safe = FORMULA.test(plain) && !NUMBER.test(plain) ? `'${plain}` : plain;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return `\uFEFF${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}
