import type { FieldMeta } from "@superpaas/api";

import type { CodedAnswer, CodedReport } from "./types.ts";

const MONEY = /^-?\d+\.\d+$/;
const SUMMED = new Set(["money", "quantity", "integer", "decimal"]);

/** The columns of a coded report's rows: those that it declares, else what its first row has. */
export function columnsOf(report: CodedReport, items: readonly Record<string, unknown>[]): FieldMeta[] {
  if (report.columns !== undefined && report.columns.length > 0) return report.columns;
  const [first] = items;
  if (first === undefined) return [];
  return Object.entries(first)
    .filter(([name, value]) => name !== "id" && !name.endsWith("_id") && (value === null || typeof value !== "object"))
    .map(([name, value]) => bare(name, name, kindOf(value)));
}

/** The single values beside the rows. */
export function figuresOf(report: CodedReport, answer: CodedAnswer): { field: FieldMeta; row: Record<string, unknown> }[] {
  const declared = report.figures ?? [];
  const fields =
    declared.length > 0 || (report.columns ?? []).length > 0
      ? declared
      : Object.entries(answer)
          .filter(([, value]) => value !== null && typeof value !== "object")
          .map(([name, value]) => bare(name, name, kindOf(value)));
  return fields
    // A sign that is only of interest when it is up ("more rows than the limit").
    .filter((field) => answer[field.name] !== undefined && !(field.kind === "flag" && answer[field.name] === false))
    .map((field) => ({ field, row: answer }));
}

/** The sums below the rows: those that the report gives, never ones of our own where it gives some. */
export function totalsOf(columns: readonly FieldMeta[], answer: CodedAnswer): Record<string, unknown> | null {
  const given = answer["totals"];
  if (given !== null && typeof given === "object" && !Array.isArray(given)) return given as Record<string, unknown>;
  // A statement's turnover stands beside its rows.
  const beside = columns.filter(({ name, kind }) => SUMMED.has(kind) && typeof answer[name] === "string");
  if (beside.length === 0) return null;
  return Object.fromEntries(beside.map(({ name }) => [name, answer[name]]));
}

export function isFigure(field: FieldMeta): boolean {
  return ["money", "price", "quantity", "integer", "decimal", "percent"].includes(field.kind);
}

function kindOf(value: unknown): FieldMeta["kind"] {
  if (typeof value === "boolean") return "flag";
  if (typeof value === "number") return "integer";
  return typeof value === "string" && MONEY.test(value) ? "decimal" : "text";
}

function bare(name: string, label: string, kind: FieldMeta["kind"]): FieldMeta {
  return {
    name, label, kind,
    required: false, readonly: true, list: true, search: false, index: false, unique: false,
    help: null, custom: false, computed: false, operators: [], default: null,
  }; // prettier-ignore
}
