import type { FieldMeta, Row } from "@superpaas/api";

import type { Tone } from "../fields/tones.ts";

/** One column: a field, and how the user wants to see it. */
export interface GridColumn {
  field: FieldMeta;
  width: number;
  freeze?: "left" | "right" | undefined;
  sortable?: boolean;
}

/** The heading of a group of rows. */
export interface GroupItem {
  key: string;
  kind: "group";
  level: number;
  label: string;
  count: number;
  open: boolean;
  /** Subtotals by field. */
  sums: Record<string, string>;
}

/** The last line of a group that has more rows. */
export interface MoreItem {
  key: string;
  kind: "more";
  level: number;
  label: string;
}

export interface RowItem {
  key: string;
  kind: "row";
  row: Row;
  level: number;
  tone?: Tone | undefined;
}

/** A line of the grid. */
export type GridItem = RowItem | GroupItem | MoreItem;

export interface Sort {
  field: string;
  descending: boolean;
}

/** A cell by the key of its line and the name of its field. */
export interface Place {
  key: string;
  field: string;
}

/** Texts out of a spreadsheet, and where they go. */
export interface Pasted {
  from: Place | null;
  cells: string[][];
}

export interface Edit {
  row: Row;
  field: FieldMeta;
  value: unknown;
}
