import type { EntityMeta, FieldMeta, LinesMeta, Row } from "@superpaas/api";

import { labelName } from "../../fields/labels.ts";
import { isEmpty, sameLines, sameValue } from "./values.ts";

/** A line while it is written; `id` where the service knows it already. `_key` names it on the screen alone. */
export interface LineDraft extends Record<string, unknown> {
  id?: string;
  _key: string;
}

/** A document while it is written: fields by name, lines by the name of their grid. */
export type Draft = Record<string, unknown>;

let counter = 0;

/** A name for a line that is not stored yet. */
export function newKey(): string {
  counter += 1;
  return `new-${counter}`;
}

/** Fields that a person may give a value; secrets stay as they are unless they are written anew. */
export function writable(fields: readonly FieldMeta[]): FieldMeta[] {
  return fields.filter((field) => !field.readonly && !field.computed && field.kind !== "row_id");
}

/** What a masked value is shown as; sent back it would become the value. */
export function isMask(field: FieldMeta, value: unknown): boolean {
  return field.masked === true && typeof value === "string" && value.includes("*");
}

/** A new line with its defaults. */
export function blankLine(grid: Pick<LinesMeta, "fields">): LineDraft {
  const line: LineDraft = { _key: newKey() };
  for (const field of grid.fields) line[field.name] = defaultOf(field);
  return line;
}

/** A new document with its defaults; grids that ask for lines begin with as many. */
export function blankDraft(entity: Pick<EntityMeta, "fields" | "lines">): Draft {
  const draft: Draft = {};
  for (const field of entity.fields) draft[field.name] = defaultOf(field);
  for (const grid of entity.lines) {
    draft[grid.name] = Array.from({ length: grid.readonly ? 0 : Math.max(grid.min, 0) }, () => blankLine(grid));
  }
  return draft;
}

/** The draft of a stored row. */
export function draftOf(entity: Pick<EntityMeta, "fields" | "lines">, row: Row): Draft {
  const draft: Draft = { ...row };
  for (const grid of entity.lines) draft[grid.name] = linesOf(row, grid.name).map((line) => ({ ...line }));
  return draft;
}

/** The lines of a grid. */
export function linesOf(row: Record<string, unknown>, grid: string): LineDraft[] {
  const lines = row[grid];
  if (!Array.isArray(lines)) return [];
  return (lines as Partial<LineDraft>[]).map((line) => ({ ...line, _key: line._key ?? line.id ?? newKey() }));
}

/** A new document with what a person may write of another; numbers and computed values are the new one's own. */
export function copyOf(entity: Pick<EntityMeta, "fields" | "lines">, row: Row): Draft {
  const draft = blankDraft(entity);
  for (const field of writable(entity.fields)) {
    if (field.unique || isMask(field, row[field.name])) continue;
    copyValue(field, row, draft);
  }
  for (const grid of entity.lines) {
    if (grid.readonly) continue;
    draft[grid.name] = linesOf(row, grid.name).map((line) => copyLine(grid, line));
  }
  return draft;
}

/** Another line with the same contents. */
export function copyLine(grid: Pick<LinesMeta, "fields">, line: LineDraft): LineDraft {
  const copy = blankLine(grid);
  for (const field of writable(grid.fields)) copyValue(field, line, copy);
  return copy;
}

/** Set a value and what is shown of it. */
export function copyValue(field: FieldMeta, from: Record<string, unknown>, to: Record<string, unknown>): void {
  to[field.name] = from[field.name];
  const label = labelName(field);
  if (label in from) to[label] = from[label];
}

/** The body of `POST`: what is given, nothing else. */
export function creation(entity: Pick<EntityMeta, "fields" | "lines">, draft: Draft): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of writable(entity.fields)) {
    const value = draft[field.name];
    // A field with a default that a person has emptied is sent as empty, or the default would come back.
    if (!isEmpty(value)) body[field.name] = value;
    else if (!isEmpty(field.default)) body[field.name] = null;
  }
  for (const grid of entity.lines) {
    if (!grid.readonly) body[grid.name] = linesBody(grid, linesOf(draft, grid.name));
  }
  return body;
}

/** The body of `PATCH` without `version`: what differs from the stored row; empty when nothing does. */
export function changes(
  entity: Pick<EntityMeta, "fields" | "lines">,
  stored: Record<string, unknown>,
  draft: Draft,
): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of writable(entity.fields)) {
    const value = draft[field.name];
    if (sameValue(field, stored[field.name], value) || isMask(field, value)) continue;
    body[field.name] = isEmpty(value) && !Array.isArray(value) ? null : value;
  }
  for (const grid of entity.lines) {
    if (grid.readonly) continue;
    const [before, after] = [withContent(grid, linesOf(stored, grid.name)), withContent(grid, linesOf(draft, grid.name))];
    if (!sameLines(writable(grid.fields), before, after)) body[grid.name] = linesBody(grid, after);
  }
  return body;
}

/** Lines as the service takes them; `position[i]` of {@link sentPositions} is where line `i` of the body stands. */
function linesBody(grid: LinesMeta, lines: readonly LineDraft[]): Record<string, unknown>[] {
  return withContent(grid, lines).map((line) => {
    const body: Record<string, unknown> = line.id === undefined ? {} : { id: line.id };
    for (const field of writable(grid.fields)) {
      const value = line[field.name];
      if (isMask(field, value)) continue;
      if (!isEmpty(value)) body[field.name] = value;
      else if (line.id !== undefined || !isEmpty(field.default)) body[field.name] = null;
    }
    return body;
  });
}

/** Lines without those that nobody has written into: the empty last row of a spreadsheet is no line. */
export function withContent(grid: LinesMeta, lines: readonly LineDraft[]): LineDraft[] {
  return lines.filter((line) => line.id !== undefined || !isBlank(grid, line));
}

/** Where each line that is sent stands on the screen; errors tell the place in what was sent. */
export function sentPositions(grid: LinesMeta, lines: readonly LineDraft[]): number[] {
  return lines.flatMap((line, index) => (line.id !== undefined || !isBlank(grid, line) ? [index] : []));
}

function isBlank(grid: LinesMeta, line: LineDraft): boolean {
  return writable(grid.fields).every((field) => sameValue(field, line[field.name], defaultOf(field)));
}

function defaultOf(field: FieldMeta): unknown {
  if (field.default !== null && field.default !== undefined) return structuredClone(field.default);
  return field.kind === "flag" && field.required ? false : null;
}
