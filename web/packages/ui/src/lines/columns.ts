import type { FieldMeta } from "@superpaas/api";

import { alignOf, widthOf } from "../fields/kinds.ts";

export interface Column {
  field: FieldMeta;
  width: number;
  right: boolean;
  /** What a person may write in. */
  open: boolean;
}

/**
 * The columns of a grid. While a document is new, what only later steps fill (delivered, invoiced) has nothing to
 * show: such columns wait until one line has a value.
 */
export function columnsOf(
  fields: readonly FieldMeta[],
  lines: readonly Record<string, unknown>[],
  writing: boolean,
): Column[] {
  return fields
    .filter((field) => field.kind !== "row_id" && (writing ? true : hasSome(field, lines)))
    .filter((field) => !writing || isOpen(field) || hasSome(field, lines))
    .map((field) => ({
      field,
      width: Math.min(widthOf(field), 260),
      right: alignOf(field) === "right",
      open: isOpen(field),
    }));
}

/** Narrower than this no column of words can be read. */
const LEAST_WIDTH = 96;

/** The columns in the room there is: columns of words give way, figures never, and what still does not fit is scrolled. */
export function fitted(columns: readonly Column[], room: number): Column[] {
  const wanted = columns.reduce((total, column) => total + column.width, 0);
  const giving = columns.filter((column) => !column.right && column.width > LEAST_WIDTH);
  const spare = giving.reduce((total, column) => total + column.width - LEAST_WIDTH, 0);
  const over = wanted - room;
  if (room <= 0 || over <= 0 || spare <= 0) return [...columns];
  const share = Math.min(1, over / spare);
  return columns.map((column) => (giving.includes(column) ? { ...column, width: Math.floor(column.width - (column.width - LEAST_WIDTH) * share) } : column));
}

export function isOpen(field: FieldMeta): boolean {
  return !field.readonly && !field.computed;
}

function hasSome(field: FieldMeta, lines: readonly Record<string, unknown>[]): boolean {
  if (field.required) return true;
  return lines.some((line) => {
    const value = line[field.name];
    if (value === null || value === undefined || value === "" || value === false) return false;
    return !(typeof value === "string" && /^-?0+(\.0+)?$/.test(value));
  });
}
