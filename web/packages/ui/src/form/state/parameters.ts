import type { ActionMeta, EntityMeta, FieldMeta, LinesMeta, Problem } from "@superpaas/api";

import { sortProblems, type FormErrors } from "./errors.ts";
import { linesOf, writable, type LineDraft } from "./model.ts";
import { isEmpty } from "./values.ts";

/** The grid in which rows of an action are chosen; to rows of a document's lines nothing can be added. */
export function gridOf(field: FieldMeta, rows: number): LinesMeta {
  const fields = (field.fields ?? []).map((one) => (one.name === field.key ? { ...one, readonly: true } : one));
  const max = isFixed(field) ? rows : Number(field.max ?? 1000);
  return { name: field.name, label: field.label, min: Number(field.min ?? 0), max, readonly: false, fields };
}

/** Whether the rows are those that the action names, not a person. */
export function isFixed(field: FieldMeta): boolean {
  return typeof field.key === "string";
}

/** The values of an action's parameters as its dialog shows them at first. */
export function startOf(fields: readonly FieldMeta[], preset: Record<string, unknown>): Record<string, unknown> {
  const values: Record<string, unknown> = { ...preset };
  for (const field of fields) {
    if (field.kind === "lines") values[field.name] = linesOf(preset, field.name);
    else if (isEmpty(preset[field.name])) values[field.name] = isEmpty(field.default) ? (field.kind === "flag" ? false : null) : field.default;
  }
  return values;
}

/** What is sent of the parameters, and where the rows that are sent stand on the screen. */
export function parametersBody(
  fields: readonly FieldMeta[],
  values: Record<string, unknown>,
): { body: Record<string, unknown>; positions: Record<string, number[]> } {
  const body: Record<string, unknown> = {};
  const positions: Record<string, number[]> = {};
  for (const field of fields) {
    const value = values[field.name];
    if (field.kind === "lines") {
      const lines = linesOf(values, field.name);
      positions[field.name] = lines.flatMap((line, index) => (isChosen(field, line) ? [index] : []));
      const sent = lines.filter((line) => isChosen(field, line)).map((line) => rowBody(field, line));
      // Rows that were there and are all taken away choose nothing, which is not the same as not choosing.
      if (sent.length > 0 || isFixed(field)) body[field.name] = sent;
    } else if (!isEmpty(value) && value !== false) body[field.name] = value;
  }
  return { body, positions };
}

/** A row counts when a person may write in it and has: no quantity, or none but zero, leaves its line alone. */
function isChosen(field: FieldMeta, line: LineDraft): boolean {
  return writable(field.fields ?? []).some(({ name }) => name !== field.key && !isEmpty(line[name]) && !isZero(line[name]));
}

function rowBody(field: FieldMeta, line: LineDraft): Record<string, unknown> {
  const names = writable(field.fields ?? []).map(({ name }) => name);
  const key = typeof field.key === "string" ? [field.key] : [];
  return Object.fromEntries([...new Set([...key, ...names])].flatMap((name) => (isEmpty(line[name]) ? [] : [[name, line[name]] as const])));
}

function isZero(value: unknown): boolean {
  return typeof value === "string" && /^-?0+(\.0+)?$/.test(value);
}

/** The problems of an action's parameters by place. */
export function parameterErrors(fields: readonly FieldMeta[], problems: readonly Problem[], positions: Record<string, number[]>): FormErrors {
  const plain = fields.filter((field) => field.kind !== "lines");
  const grids = fields.filter((field) => field.kind === "lines").map((field) => gridOf(field, 0));
  return sortProblems({ fields: plain, lines: grids }, problems, positions);
}

/** Where an action is, to be asked and done. */
export function addressOf(entity: Pick<EntityMeta, "path">, id: string, action: Pick<ActionMeta, "verb">): string {
  return `${entity.path}/${encodeURIComponent(id)}/${encodeURIComponent(action.verb)}`;
}
