import { compare, decimal, type FieldMeta } from "@superpaas/api";

import { fits } from "./parse.ts";
import { isNumber } from "./kinds.ts";

type Translate = (key: string, named?: Record<string, unknown>) => string;

/** What is wrong with a value before it is sent, in words; `null` when nothing is. The service has the last word. */
export function problemOf(field: FieldMeta, value: unknown, t: Translate): string | null {
  const missing = value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
  if (missing) return field.required ? t("fields.required", { name: field.label }) : null;
  if (isNumber(field.kind)) return numberProblem(field, value, t);
  if (typeof value === "string" && typeof field.max === "number" && value.length > field.max) {
    return t("fields.tooLong", { max: field.max });
  }
  return null;
}

function numberProblem(field: FieldMeta, value: unknown, t: Translate): string | null {
  if (decimal(value) === null) return t("fields.invalidNumber");
  if (typeof value === "string" && !fits(value, field.scale)) return t("fields.tooManyDigits", { scale: field.scale });
  const { min, max, above } = field;
  if (above !== undefined && compare(value, above) <= 0) return t("fields.notAbove", { min: shown(field, above) });
  if (min !== undefined && min !== null && compare(value, min) < 0) return t("fields.tooSmall", { min: shown(field, min) });
  if (max !== undefined && max !== null && compare(value, max) > 0) return t("fields.tooGreat", { max: shown(field, max) });
  return null;
}

function shown(field: FieldMeta, bound: string | number): string {
  if (field.kind !== "percent") return String(bound);
  return `${decimal(bound)?.times(100).toString() ?? String(bound)}%`;
}
