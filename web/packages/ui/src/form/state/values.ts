import { decimal, type FieldMeta } from "@superpaas/api";

import type { LineDraft } from "./model.ts";

const NUMBERS = new Set(["decimal", "money", "price", "quantity", "percent"]);

/** Nothing given: what a person sees as an empty field. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

/** Whether two values of a field mean the same: `1.50` and `1.5` do, and no value is no value. */
export function sameValue(field: Pick<FieldMeta, "kind">, one: unknown, other: unknown): boolean {
  if (isEmpty(one) || isEmpty(other)) return isEmpty(one) && isEmpty(other);
  if (NUMBERS.has(field.kind)) {
    const [left, right] = [decimal(one), decimal(other)];
    if (left !== null && right !== null) return left.equals(right);
  }
  return JSON.stringify(stable(one)) === JSON.stringify(stable(other));
}

/** Whether two lines hold the same in the fields that a person may write. */
export function sameLine(fields: readonly FieldMeta[], one: LineDraft, other: LineDraft): boolean {
  return one.id === other.id && fields.every((field) => sameValue(field, one[field.name], other[field.name]));
}

/** Lines the same, one by one and in the same order. */
export function sameLines(fields: readonly FieldMeta[], one: readonly LineDraft[], other: readonly LineDraft[]): boolean {
  return (
    one.length === other.length &&
    one.every((line, index) => {
      const opposite = other[index];
      return opposite !== undefined && sameLine(fields, line, opposite);
    })
  );
}

/** Objects with their names in order, so that two that mean the same read the same. */
function stable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stable);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value as Record<string, unknown>).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, item]) => [name, stable(item)]));
}
