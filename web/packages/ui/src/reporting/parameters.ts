import type { FieldKind, FieldMeta } from "@superpaas/api";

import type { ParameterKind, ReportParameter } from "./types.ts";

const KINDS: Record<ParameterKind, FieldKind> = {
  text: "text",
  number: "decimal",
  date: "date",
  flag: "flag",
  id: "text",
  period: "choice",
};

/** The periods that reports and filters know. */
export const PERIODS = [
  "today", "yesterday", "this_week", "last_week", "this_month", "last_month", "this_quarter", "last_quarter",
  "this_year", "last_year", "month_to_date", "year_to_date", "last_days(7)", "last_days(30)", "last_days(90)",
  "last_months(12)",
] as const; // prettier-ignore

/** A parameter of a defined report as a field of a form; a coded report's parameters are fields already. */
export function fieldOfParameter(parameter: ReportParameter, periodLabel: (period: string) => string): FieldMeta {
  return {
    name: parameter.name,
    kind: KINDS[parameter.kind],
    label: parameter.label,
    required: parameter.required,
    readonly: false,
    list: false,
    search: false,
    index: false,
    unique: false,
    help: null,
    custom: false,
    computed: false,
    operators: [],
    default: plainDefault(parameter),
    ...(parameter.kind === "period" ? { options: PERIODS.map((value) => ({ value, label: periodLabel(value) })) } : {}),
  };
}

/** A default may be an expression (`month_start(today)`): the service knows its value, so it is not sent. */
function plainDefault(parameter: ReportParameter): unknown {
  const { default: value, kind } = parameter;
  if (kind !== "date") return value ?? null;
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : null;
}

/** The values of a form as the query of a report; what is not given is left to the defaults. */
export function queryOf(fields: readonly FieldMeta[], values: Record<string, unknown>): Record<string, string> {
  const query: Record<string, string> = {};
  for (const field of fields) {
    const value = values[field.name];
    if (value === null || value === undefined || value === "") continue;
    query[field.name] = typeof value === "object" ? JSON.stringify(value) : String(value as string | number | boolean);
  }
  return query;
}

/** The values that an address holds, by the kinds of the fields; `undefined` where it holds none. */
export function valuesOf(
  fields: readonly FieldMeta[],
  query: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    fields.map((field) => {
      const text = query[field.name];
      if (typeof text !== "string") return [field.name, field.default ?? null];
      if (field.kind === "flag") return [field.name, text === "true"];
      return [field.name, field.kind === "integer" && /^-?\d+$/.test(text) ? Number(text) : text];
    }),
  );
}

/** The required ones that have no value. */
export function missingOf(fields: readonly FieldMeta[], values: Record<string, unknown>): FieldMeta[] {
  return fields.filter(({ name, required }) => required && (values[name] === null || values[name] === undefined || values[name] === ""));
}
