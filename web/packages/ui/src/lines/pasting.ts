import type { FieldMeta } from "@superpaas/api";

import { parseField } from "../fields/parse.ts";

/** One value to set in the grid. */
export interface Change {
  row: number;
  field: FieldMeta;
  value: unknown;
}

/** A text that names a row of another entity: has to be looked up. */
export interface Lookup {
  row: number;
  field: FieldMeta;
  text: string;
}

export interface Pasted {
  changes: Change[];
  lookups: Lookup[];
  /** Cells that the column cannot hold, counted from the first pasted one. */
  refused: { row: number; field: FieldMeta; text: string }[];
  /** How many lines the grid must have. */
  rows: number;
}

const LOOKED_UP = new Set(["reference", "parent", "external_reference", "user", "department", "dictionary"]);

/** What pasted cells mean from a cell on. Columns that cannot be written take nothing and keep their place. */
export function paste(
  cells: readonly (readonly string[])[],
  at: { row: number; column: number },
  columns: readonly FieldMeta[],
  zone: string,
): Pasted {
  const pasted: Pasted = { changes: [], lookups: [], refused: [], rows: at.row + cells.length };
  cells.forEach((texts, down) => {
    texts.forEach((text, right) => {
      const field = columns[at.column + right];
      if (field === undefined || field.readonly || field.computed) return;
      const row = at.row + down;
      const plain = text.trim();
      if (LOOKED_UP.has(field.kind) && plain !== "") {
        pasted.lookups.push({ row, field, text: plain });
        return;
      }
      const parsed = parseField(field, text, zone);
      if (parsed.ok) pasted.changes.push({ row, field, value: parsed.value });
      else pasted.refused.push({ row, field, text: plain });
    });
  });
  return pasted;
}
