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
