import type { EntityMeta, FieldMeta, LinesMeta } from "@superpaas/api";

import { copyValue, linesOf, writable, type Draft, type LineDraft } from "./model.ts";
import { sameLine, sameLines, sameValue } from "./values.ts";

/** A field that both have changed, each in another way. */
export interface FieldConflict {
  kind: "field";
  field: FieldMeta;
  base: unknown;
  mine: unknown;
  theirs: unknown;
}

/** Lines that cannot be joined line by line: both have changed the same one, or one has removed what the other changed. */
export interface LinesConflict {
  kind: "lines";
  grid: LinesMeta;
  mine: LineDraft[];
  theirs: LineDraft[];
}

export type Conflict = FieldConflict | LinesConflict;

export interface Merge {
  /** Theirs with mine on it; conflicts stand as theirs until they are decided. */
  merged: Draft;
  conflicts: Conflict[];
  /** Labels of what was taken over by itself, of theirs. */
  taken: string[];
}

/** What two have made of one document, joined: what only one has changed is his, the rest has to be decided. */
export function merge(
  entity: Pick<EntityMeta, "fields" | "lines">,
  base: Draft,
  mine: Draft,
  theirs: Draft,
): Merge {
  const merged: Draft = { ...theirs };
  const conflicts: Conflict[] = [];
  const taken: string[] = [];
  for (const field of writable(entity.fields)) {
    const [before, own, other] = [base[field.name], mine[field.name], theirs[field.name]];
    const [iChanged, theyChanged] = [!sameValue(field, before, own), !sameValue(field, before, other)];
    if (iChanged && theyChanged && !sameValue(field, own, other)) {
      conflicts.push({ kind: "field", field, base: before, mine: own, theirs: other });
    } else if (iChanged) copyValue(field, mine, merged);
    else if (theyChanged) taken.push(field.label);
  }
  for (const grid of entity.lines) {
    if (grid.readonly) continue;
    const [before, own, other] = [linesOf(base, grid.name), linesOf(mine, grid.name), linesOf(theirs, grid.name)];
    const fields = writable(grid.fields);
    const [iChanged, theyChanged] = [!sameLines(fields, before, own), !sameLines(fields, before, other)];
    if (iChanged && theyChanged && !sameLines(fields, own, other)) {
      const joined = mergeLines(grid, before, own, other);
      if (joined === null) conflicts.push({ kind: "lines", grid, mine: own, theirs: other });
      else merged[grid.name] = joined;
    } else if (iChanged) merged[grid.name] = own;
    else if (theyChanged) taken.push(grid.label);
  }
  return { merged, conflicts, taken };
}

/** Decide a conflict. */
export function settle(merged: Draft, conflict: Conflict, mine: Draft, choice: "mine" | "theirs"): void {
  if (choice === "theirs") return;
  if (conflict.kind === "field") copyValue(conflict.field, mine, merged);
  else merged[conflict.grid.name] = conflict.mine.map((line) => withoutUnknown(line, conflict.theirs));
}

/** A line that the others have removed is a new one when it is kept. */
function withoutUnknown(line: LineDraft, known: readonly LineDraft[]): LineDraft {
  if (line.id === undefined || known.some((other) => other.id === line.id)) return line;
  const { id: _removed, ...rest } = line;
  return rest as LineDraft;
}

/** Lines joined by their ids, field by field; `null` where they contradict. */
export function mergeLines(
  grid: LinesMeta,
  base: readonly LineDraft[],
  mine: readonly LineDraft[],
  theirs: readonly LineDraft[],
): LineDraft[] | null {
  const fields = writable(grid.fields);
  const [before, own] = [byId(base), byId(mine)];
  const joined: LineDraft[] = [];
  for (const other of theirs) {
    const id = other.id ?? "";
    const [old, line] = [before.get(id), own.get(id)];
    if (old === undefined) {
      joined.push(other);
      continue;
    }
    if (line === undefined) {
      // I have removed it: that stands when they have left it alone.
      if (!sameLine(fields, old, other)) return null;
      continue;
    }
    const both = mergeLine(fields, old, line, other);
    if (both === null) return null;
    joined.push(both);
  }
  const remaining = byId(theirs);
  for (const line of mine) {
    if (line.id === undefined) {
      joined.push(line);
      continue;
    }
    const old = before.get(line.id);
    if (!remaining.has(line.id) && old !== undefined && !sameLine(fields, old, line)) return null;
  }
  return joined;
}

function mergeLine(fields: readonly FieldMeta[], old: LineDraft, mine: LineDraft, theirs: LineDraft): LineDraft | null {
  const joined: LineDraft = { ...theirs };
  for (const field of fields) {
    const iChanged = !sameValue(field, old[field.name], mine[field.name]);
    const theyChanged = !sameValue(field, old[field.name], theirs[field.name]);
    if (iChanged && theyChanged && !sameValue(field, mine[field.name], theirs[field.name])) return null;
    if (iChanged) copyValue(field, mine, joined);
  }
  return joined;
}

function byId(lines: readonly LineDraft[]): Map<string, LineDraft> {
  return new Map(lines.flatMap((line) => (line.id === undefined ? [] : [[line.id, line] as const])));
}
