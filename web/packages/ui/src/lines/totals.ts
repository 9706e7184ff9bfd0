import { decimal, sum, type FieldMeta } from "@superpaas/api";

const SUMMED = new Set(["money", "quantity"]);

/** Whether a column has a total: amounts, and quantities unless their units may differ. */
export function isSummed(field: FieldMeta): boolean {
  return SUMMED.has(field.kind) && field.unit_field === undefined && field.currency_field === undefined && field.masked !== true;
}

/** The exact sum of a column; empty where no line has a value. */
export function totalOf(field: FieldMeta, lines: readonly Record<string, unknown>[]): string {
  const values = lines.map((line) => line[field.name]).filter((value) => decimal(value) !== null);
  return values.length === 0 ? "" : sum(values);
}
