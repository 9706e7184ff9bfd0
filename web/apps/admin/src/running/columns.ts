import type { FieldMeta, Row } from "@superpaas/api";
import type { GridColumn, GridItem } from "@superpaas/ui/grid";
import type { Tone } from "@superpaas/ui/fields";

/** A column of a grid whose rows come from the platform itself, which has no metadata. */
export function column(name: string, label: string, width: number, more: Partial<FieldMeta> = {}): GridColumn {
  return {
    field: {
      name,
      kind: "text",
      label,
      required: false,
      readonly: true,
      list: true,
      search: false,
      index: false,
      unique: false,
      help: null,
      custom: false,
      computed: false,
      operators: [],
      default: null,
      ...more,
    },
    width,
  };
}

/** Rows as lines of a grid. */
export function linesOf<T extends Row>(rows: readonly T[], tone: (row: T) => Tone | undefined = () => undefined): GridItem[] {
  return rows.map((row) => ({ key: row.id, kind: "row" as const, row, level: 0, tone: tone(row) }));
}
