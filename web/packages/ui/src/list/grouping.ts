import type { FieldMeta } from "@superpaas/api";

import { isNumber, isDay } from "../fields/kinds.ts";

export const BUCKETS = ["day", "week", "month", "quarter", "year"] as const;
const NOT_GROUPED = new Set(["long_text", "json", "files", "file", "image", "tags", "multi_choice", "secret", "row_id"]);

/** Whether lists may be grouped by a field: by the service's own rule, it has to be comparable and in the clear. */
export function isGroupable(field: FieldMeta): boolean {
  return !NOT_GROUPED.has(field.kind) && !isNumber(field.kind) && field.masked !== true && field.operators.includes("eq");
}

/** `month(order_date)` in words. */
export function groupWords(by: string, fieldOf: (name: string) => FieldMeta | undefined, t: (key: string, named?: Record<string, unknown>) => string): string {
  const [, bucket, inner] = /^(\w+)\((\w+)\)$/.exec(by) ?? [];
  const name = fieldOf(inner ?? by)?.label ?? inner ?? by;
  return bucket === undefined ? name : t(`list.groupBy.${bucket}`, { name });
}

export interface GroupChoice {
  by: string;
  label: string;
}

/** What a list may be grouped by. */
export function groupChoices(fields: readonly FieldMeta[], t: (key: string, named?: Record<string, unknown>) => string): GroupChoice[] {
  const fieldOf = (name: string): FieldMeta | undefined => fields.find((field) => field.name === name);
  return fields.filter(isGroupable).flatMap((field) => {
    const by = isDay(field.kind) ? BUCKETS.filter((bucket) => bucket !== "week").map((bucket) => `${bucket}(${field.name})`) : [field.name];
    return by.map((item) => ({ by: item, label: groupWords(item, fieldOf, t) }));
  });
}
