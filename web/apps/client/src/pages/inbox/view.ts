import type { EntityMeta, FieldMeta, LinesMeta } from "@superpaas/api";
import type { ApprovalView } from "@superpaas/ui/approval";

/** What `GET _approvals/<id>` answers to whoever decides: the course, and the document as he may see it. */
export interface JudgedView extends ApprovalView {
  document: Record<string, unknown> | null;
}

export interface LinesView extends LinesMeta {
  rows: Record<string, unknown>[];
}

/** The fields worth reading before deciding: those with a value, without what machines keep. */
export function fieldsOf(entity: EntityMeta | undefined, row: Record<string, unknown> | null): FieldMeta[] {
  if (entity === undefined || row === null) return [];
  return entity.fields.filter((field) => {
    const value = row[field.name];
    if (field.kind === "row_id" || value === undefined || value === null || value === "") return false;
    return !(Array.isArray(value) && value.length === 0);
  });
}

export function linesOf(entity: EntityMeta | undefined, row: Record<string, unknown> | null): LinesView[] {
  return (entity?.lines ?? []).flatMap((lines) => {
    const rows = row?.[lines.name];
    return Array.isArray(rows) && rows.length > 0 ? [{ ...lines, rows: rows as Record<string, unknown>[] }] : [];
  });
}

/** Columns that say something: one that is empty in every row takes only place. */
export function columnsOf(lines: LinesView): FieldMeta[] {
  return lines.fields.filter(
    (field) =>
      field.kind !== "row_id" && lines.rows.some((row) => ![undefined, null, ""].includes(row[field.name] as null)),
  );
}
