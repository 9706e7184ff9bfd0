import { grouped, momentText, percentText, type FieldMeta } from "@superpaas/api";

import { labelBeside, shortId } from "./labels.ts";

type AnyRow = Readonly<Record<string, unknown>>;

/** What texts need besides the row. */
export interface FormatContext {
  /** The tenant's zone; moments are shown on its clocks. */
  zone?: string;
  /** The name of a user, department or file, where it is known. */
  nameOf?: (kind: "user" | "department" | "file", id: string) => string | undefined;
}

const YES: Record<string, [string, string]> = { "zh-CN": ["是", "否"], "en-US": ["Yes", "No"] };

/** A field's value as plain text: for cells, copies to the clipboard, titles. */
export function formatField(field: FieldMeta, row: AnyRow, locale: string, context: FormatContext = {}): string {
  const value = row[field.name];
  if (value === null || value === undefined || value === "") return "";
  switch (field.kind) {
    case "flag":
      return (YES[locale] ?? ["✓", "✗"])[value === true ? 0 : 1] ?? "";
    case "integer":
      return typeof value === "number" ? grouped(value) : String(value);
    case "decimal":
    case "price":
    case "money":
    case "quantity":
    case "percent":
      return numberText(field, value, row);
    case "moment":
      return momentText(value, context.zone ?? "Asia/Shanghai") || String(value);
    case "time":
      return String(value).slice(0, 5);
    case "choice":
      return optionLabel(field, value);
    case "multi_choice":
      return listOf(value).map((item) => optionLabel(field, item)).join("、");
    case "tags":
      return listOf(value).map(String).join("、");
    case "dictionary":
    case "reference":
    case "parent":
    case "external_reference":
      return labelBeside(field, row) || (field.kind === "dictionary" ? String(value) : shortId(String(value)));
    case "user":
    case "department":
      return context.nameOf?.(field.kind, String(value)) ?? (labelBeside(field, row) || shortId(String(value)));
    case "image":
      return context.nameOf?.("file", String(value)) ?? shortId(String(value));
    case "files":
      return listOf(value).map((id) => context.nameOf?.("file", String(id)) ?? shortId(String(id))).join("、");
    case "json":
      return typeof value === "string" ? value : JSON.stringify(value);
    default:
      return typeof value === "object" ? JSON.stringify(value) : String(value);
  }
}

/** A number with its unit or currency, in the digits that it has. */
export function numberText(field: FieldMeta, value: unknown, row: AnyRow): string {
  // A masked number is a text of stars: shown as it is.
  if (field.kind === "percent") return percentText(value) || String(value);
  const text = grouped(value, { least: leastDigits(field) });
  if (text === "") return String(value);
  if (field.kind === "money" || field.kind === "price") {
    const currency = field.currency_field === undefined ? undefined : row[field.currency_field];
    return typeof currency === "string" && currency !== "" ? `${currency} ${text}` : text;
  }
  const unit = field.unit_field === undefined ? field.unit : row[field.unit_field];
  return typeof unit === "string" && unit !== "" ? `${text} ${unit}` : text;
}

function leastDigits(field: FieldMeta): number {
  if (field.kind === "money") return field.currency_field === undefined ? Math.min(field.scale ?? 2, 2) : 0;
  return field.kind === "price" ? 2 : 0;
}

/** The label of a choice; what is no choice any more stands for itself. */
export function optionLabel(field: FieldMeta, value: unknown): string {
  return field.options?.find((option) => option.value === value)?.label ?? String(value);
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
