import type { FieldMeta } from "@superpaas/api";

/** The label that a row carries beside a field, as cells write it: `partner_label` beside `partner_id`. */
export function labelBeside(field: FieldMeta, row: Readonly<Record<string, unknown>> | null | undefined): string {
  if (row === null || row === undefined) return "";
  const names = [field.label_name, field.label_field, `${field.name.replace(/_id$/, "")}_label`, `${field.name}_label`];
  for (const name of names) {
    const label = name === undefined ? undefined : row[name];
    if (typeof label === "string" && label !== "") return label;
  }
  return "";
}

/** The name under which a row carries a field's label. */
export function labelName(field: FieldMeta): string {
  return field.label_name ?? field.label_field ?? `${field.name.replace(/_id$/, "")}_label`;
}

/** Short, for ids whose names are not known. */
export function shortId(id: string): string {
  return id.length > 12 ? `${id.slice(0, 8)}…` : id;
}
