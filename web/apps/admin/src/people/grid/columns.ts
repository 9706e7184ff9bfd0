import type { FieldKind, FieldMeta, OptionMeta } from "@superpaas/api";
import type { GridColumn } from "@superpaas/ui/grid";

interface More {
  kind?: FieldKind;
  options?: OptionMeta[];
  sortable?: boolean;
  /** The column that opens the row. */
  link?: boolean;
}

/** The kind of the cells that open their row; {@link AdminGrid} has its part. */
export const LINK = "console_link";

/** A column of a console's grid. */
export function column(name: string, label: string, width: number, more: More = {}): GridColumn {
  const field: FieldMeta = {
    name,
    label,
    kind: more.link === true ? (LINK as FieldKind) : (more.kind ?? "text"),
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
    ...(more.options === undefined ? {} : { options: more.options }),
  };
  return { field, width, sortable: more.sortable === true };
}
