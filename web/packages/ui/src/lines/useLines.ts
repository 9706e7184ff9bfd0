import { computed, ref, shallowRef, type ComputedRef, type Ref } from "vue";

import { titleOf, useApi, useMetadata, useSession, type FieldMeta, type LinesMeta } from "@superpaas/api";

import { formatField } from "../fields/format.ts";
import { labelName } from "../fields/labels.ts";
import { blankLine, copyLine, type LineDraft } from "../form/state/model.ts";
import type { Column } from "./columns.ts";
import { lookUp } from "./lookups.ts";
import { paste } from "./pasting.ts";
import { readTsv, writeTsv } from "./tsv.ts";

export interface LinesOptions {
  grid: () => LinesMeta;
  lines: () => LineDraft[];
  set: (lines: LineDraft[]) => void;
  columns: ComputedRef<Column[]>;
  locale: () => string;
}

export interface PasteReport {
  cells: number;
  /** What could not be read, as "column: text". */
  refused: string[];
}

/** What is done to the lines of a grid; every change makes a new list, so that it can be taken back. */
export function useLines({ grid, lines, set, columns, locale }: LinesOptions) {
  const api = useApi();
  const metadata = useMetadata();
  const session = useSession();
  const selected: Ref<ReadonlySet<string>> = ref(new Set<string>());
  const undone = shallowRef<LineDraft[][]>([]);
  const canUndo = computed(() => undone.value.length > 0);

  function change(next: LineDraft[], undoable = true): void {
    if (undoable) undone.value = [...undone.value.slice(-19), lines()];
    set(next);
    const keys = new Set(next.map((line) => line._key));
    selected.value = new Set([...selected.value].filter((key) => keys.has(key)));
  }

  function undo(): void {
    const before = undone.value.at(-1);
    if (before === undefined) return;
    undone.value = undone.value.slice(0, -1);
    set(before);
  }

  /** A new line at a place, or at the end; `false` when there are as many as there may be. */
  function insert(at = lines().length): boolean {
    if (lines().length >= grid().max) return false;
    change(lines().toSpliced(at, 0, blankLine(grid())));
    return true;
  }

  function setValue(row: number, field: FieldMeta, value: unknown, label?: string): void {
    const line = lines()[row];
    if (line === undefined) return;
    const next: LineDraft = { ...line, [field.name]: value };
    // A label belongs to its value: without a new one the old must not stand beside another id.
    if (field.to !== undefined || field.dictionary !== undefined) {
      const name = labelName(field);
      if (label !== undefined) next[name] = label;
      else if (value !== line[field.name] && name !== field.name) next[name] = undefined;
    }
    change(lines().with(row, next), false);
  }

  /** The row that was picked for a reference tells its title. */
  function picked(row: number, field: FieldMeta, found: Record<string, unknown> | null): void {
    const target = field.to === undefined ? undefined : metadata.entityOf(field.to);
    const line = lines()[row];
    if (line === undefined || found === null || target === undefined) return;
    set(lines().with(row, { ...line, [labelName(field)]: titleOf(target, found) }));
  }

  function duplicate(rows: readonly number[]): void {
    const last = Math.max(...rows);
    const copies = rows.flatMap((row) => {
      const line = lines()[row];
      return line === undefined ? [] : [copyLine(grid(), line)];
    });
    change(lines().toSpliced(last + 1, 0, ...copies.slice(0, grid().max - lines().length)));
  }

  function remove(rows: readonly number[]): void {
    const gone = new Set(rows);
    change(lines().filter((_line, index) => !gone.has(index)));
  }

  function move(row: number, by: -1 | 1): void {
    const to = row + by;
    const line = lines()[row];
    if (line === undefined || to < 0 || to >= lines().length) return;
    change(lines().toSpliced(row, 1).toSpliced(to, 0, line));
  }

  /** Set pasted cells from a cell on; new lines are made as needed. */
  async function pasteText(text: string, at: { row: number; column: number }): Promise<PasteReport> {
    const fields = columns.value.map((column) => column.field);
    const pasted = paste(readTsv(text), at, fields, session.timeZone);
    const next = lines().map((line) => ({ ...line }));
    while (next.length < Math.min(pasted.rows, grid().max)) next.push(blankLine(grid()));
    let cells = 0;
    for (const { row, field, value } of pasted.changes) {
      const line = next[row];
      if (line === undefined) continue;
      line[field.name] = value;
      cells += 1;
    }
    const refused = pasted.refused.map(({ field, text: given }) => `${field.label}: ${given}`);
    // The same item often stands in many lines: it is asked for once.
    const asked = new Map<string, ReturnType<typeof lookUp>>();
    await Promise.all(
      pasted.lookups.map(async ({ row, field, text: given }) => {
        const key = `${field.name}/${given}`;
        const request = asked.get(key) ?? lookUp(api, metadata, field, given);
        asked.set(key, request);
        const found = await request;
        const line = next[row];
        if (line === undefined) return;
        if (found === null) {
          if (!refused.includes(`${field.label}: ${given}`)) refused.push(`${field.label}: ${given}`);
          return;
        }
        line[field.name] = found.id;
        line[labelName(field)] = found.label;
        cells += 1;
      }),
    );
    change(next);
    return { cells, refused };
  }

  /** Lines as a spreadsheet takes them, with headings. */
  function copied(rows: readonly number[]): string {
    const fields = columns.value.map((column) => column.field);
    const body = rows.map((row) => fields.map((field) => formatField(field, lines()[row] ?? {}, locale())));
    return writeTsv([fields.map((field) => field.label), ...body]);
  }

  return { selected, canUndo, undo, insert, setValue, picked, duplicate, remove, move, pasteText, copied };
}
