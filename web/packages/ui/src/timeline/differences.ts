import type { EntityMeta, FieldMeta, LinesMeta } from "@superpaas/api";

import { isEmpty, sameValue } from "../form/state/values.ts";

/** One field, before and after. */
export interface FieldDifference {
  field: FieldMeta;
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

/** One line: new, gone, or with fields that differ. */
export interface LineDifference {
  kind: "added" | "removed" | "changed";
  number: number;
  line: Record<string, unknown>;
  fields: FieldDifference[];
}

export interface Differences {
  fields: FieldDifference[];
  grids: { grid: LinesMeta; lines: LineDifference[] }[];
  state: { before: string | null; after: string | null } | null;
}

type Values = Record<string, unknown> | null;

/** What an audit entry has changed, by the fields that the reader sees; the machine's own are left out. */
export function differencesOf(entity: EntityMeta, before: Values, after: Values): Differences {
  const [old, now] = [before ?? {}, after ?? {}];
  const fields = entity.fields.filter((field) => {
    if (!(field.name in old) && !(field.name in now)) return false;
    // A new document is told by what it has, not by what it lacks.
    if (before === null && isEmpty(now[field.name])) return false;
    return !sameValue(field, old[field.name], now[field.name]);
  });
  const grids = entity.lines.flatMap((grid) => {
    if (!(grid.name in old) && !(grid.name in now)) return [];
    const lines = lineDifferences(grid, listOf(old[grid.name]), listOf(now[grid.name]));
    return lines.length === 0 ? [] : [{ grid, lines }];
  });
  const states = [stateOf(old), stateOf(now)] as const;
  return {
    fields: fields.map((field) => ({ field, before: old, after: now })),
    grids,
    state: ("state" in old || "state" in now) && states[0] !== states[1] ? { before: states[0], after: states[1] } : null,
  };
}

export function lineDifferences(
  grid: Pick<LinesMeta, "fields">,
  before: readonly Record<string, unknown>[],
  after: readonly Record<string, unknown>[],
): LineDifference[] {
  const old = new Map(before.map((line) => [line["id"], line]));
  const kept = new Set(after.map((line) => line["id"]));
  const found: LineDifference[] = [];
  after.forEach((line, index) => {
    const number = numberOf(line, index);
    const earlier = old.get(line["id"]);
    if (earlier === undefined) {
      const fields = grid.fields.filter((field) => !isEmpty(line[field.name]));
      found.push({ kind: "added", number, line, fields: fields.map((field) => ({ field, before: {}, after: line })) });
      return;
    }
    const fields = grid.fields.filter((field) => !sameValue(field, earlier[field.name], line[field.name]));
    if (fields.length > 0) {
      found.push({ kind: "changed", number, line, fields: fields.map((field) => ({ field, before: earlier, after: line })) });
    }
  });
  before.forEach((line, index) => {
    if (!kept.has(line["id"])) found.push({ kind: "removed", number: numberOf(line, index), line, fields: [] });
  });
  return found;
}

/** How many things an entry has changed: for the folded line. */
export function countOf(differences: Differences): number {
  return differences.fields.length + differences.grids.reduce((total, { lines }) => total + lines.length, 0);
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
}

function numberOf(line: Record<string, unknown>, index: number): number {
  return typeof line["line_no"] === "number" ? line["line_no"] : index + 1;
}

function stateOf(values: Record<string, unknown>): string | null {
  return typeof values["state"] === "string" ? values["state"] : null;
}
