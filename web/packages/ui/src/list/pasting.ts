import type { FieldMeta, Row } from "@superpaas/api";

import { isLink } from "../fields/kinds.ts";
import { parseField } from "../fields/parse.ts";
import type { Pasted } from "../grid/types.ts";

/** A change of a row there is, or a new row. `lookups`: texts that name other documents. */
export interface PastedRow {
  row: Row | null;
  values: Record<string, unknown>;
  lookups: { field: FieldMeta; text: string }[];
}

export interface PastePlan {
  rows: PastedRow[];
  /** Cells that could not be read: line (from 1), field, text. */
  problems: { line: number; field: string; text: string }[];
  /** Columns that are not written, as they may not be. */
  skipped: string[];
}

export interface PasteAround {
  rows: readonly Row[];
  /** The shown fields, in their order. */
  fields: readonly FieldMeta[];
  mayEdit: (row: Row, field: FieldMeta) => boolean;
  mayCreate: boolean;
  zone: string;
}

/** What cells out of a spreadsheet mean for a list: changes from the active cell on, new rows below the last one. */
export function planPaste(pasted: Pasted, around: PasteAround): PastePlan {
  const { fields, rows } = around;
  const header = headerOf(pasted.cells[0] ?? [], fields);
  const lines = header === null ? pasted.cells : pasted.cells.slice(1);
  const startColumn = pasted.from === null ? 0 : Math.max(0, fields.findIndex((field) => field.name === pasted.from?.field));
  const targets = header ?? fields.slice(startColumn, startColumn + Math.max(...lines.map((line) => line.length), 0));
  // With headings and no active cell the lines are new; otherwise they go over what is there.
  const startRow = pasted.from === null ? rows.length : Math.max(0, rows.findIndex((row) => row.id === pasted.from?.key));
  const plan: PastePlan = { rows: [], problems: [], skipped: [] };
  const skipped = new Set<string>();
  lines.forEach((line, index) => {
    const row = rows[startRow + index] ?? null;
    if (row === null && !around.mayCreate) return;
    const made: PastedRow = { row, values: {}, lookups: [] };
    targets.forEach((field, place) => {
      const text = line[place];
      if (text === undefined || field === null) return;
      if (row === null ? field.readonly : !around.mayEdit(row, field)) {
        skipped.add(field.label);
        return;
      }
      if (row === null && text.trim() === "") return;
      readInto(made, field, text, around.zone, () => plan.problems.push({ line: index + 1, field: field.label, text }));
    });
    if (Object.keys(made.values).length + made.lookups.length > 0) plan.rows.push(made);
  });
  plan.skipped = [...skipped];
  return plan;
}

function readInto(made: PastedRow, field: FieldMeta, text: string, zone: string, wrong: () => void): void {
  const needsLookup = isLink(field.kind) || field.kind === "user" || field.kind === "department" || field.kind === "dictionary";
  if (needsLookup && text.trim() !== "") {
    made.lookups.push({ field, text: text.trim() });
    return;
  }
  const parsed = parseField(field, text, zone);
  if (parsed.ok) made.values[field.name] = parsed.value;
  else wrong();
}

/** Whether the first line is headings: most of its cells are names of fields. */
function headerOf(line: readonly string[], fields: readonly FieldMeta[]): (FieldMeta | null)[] | null {
  const named = line.map((text) => {
    const word = text.trim().replace(/\*$/, "").toLowerCase();
    return fields.find((field) => field.label.toLowerCase() === word || field.name === word) ?? null;
  });
  const known = named.filter((field) => field !== null).length;
  return known > 0 && known * 2 > line.length ? named : null;
}
