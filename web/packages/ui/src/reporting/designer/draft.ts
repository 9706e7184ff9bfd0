import type { EntityMeta, FieldMeta, Filter } from "@superpaas/api";

import { allFields, isDay, isNumber } from "../../fields/index.ts";
import type {
  Aggregate, Bucket, ChartKind, Definition, DimensionDefinition, Label, MeasureDefinition, ParameterDefinition,
} from "../types.ts"; // prettier-ignore

/** A report while it is designed: everything in its longest form, so that inputs have something to bind to. */
export interface Draft {
  entity: string;
  lines: string;
  rows: DimensionDraft[];
  columns: DimensionDraft[];
  measures: MeasureDraft[];
  filter: Filter;
  where: string;
  having: string;
  parameters: ParameterDefinition[];
  sort: { by: string; descending: boolean }[];
  top: { on: boolean; count: number; by: string; rest: boolean };
  compare: { on: boolean; field: string; period: string; to: "before" | "year_before" };
  chart: ChartKind;
}

export interface DimensionDraft {
  field: string;
  by: Bucket | "";
  /** An expression in place of a field, as it was written elsewhere. */
  expression: string;
  name: string;
  label: Label | undefined;
}

export interface MeasureDraft {
  function: Aggregate | "expression";
  field: string;
  expression: string;
  name: string;
  label: Label | undefined;
  digits: number | undefined;
}

const DIMENSION = /^(day|week|month|quarter|year)\(([\w.]+)\)$/;
const MEASURE = /^(sum|avg|min|max|count|count_distinct)\(([\w.]*)\)$/;

export function emptyDraft(entity = ""): Draft {
  return {
    entity,
    lines: "",
    rows: [],
    columns: [],
    measures: [{ function: "count", field: "", expression: "", name: "", label: undefined, digits: undefined }],
    filter: {},
    where: "",
    having: "",
    parameters: [],
    sort: [],
    top: { on: false, count: 10, by: "", rest: true },
    compare: { on: false, field: "", period: "this_month", to: "before" },
    chart: "bar",
  };
}

export function draftOf(definition: Definition): Draft {
  const draft = emptyDraft(definition.entity);
  const { top, compare } = definition;
  return {
    ...draft,
    lines: definition.lines ?? "",
    rows: (definition.rows ?? []).map(dimensionDraft),
    columns: (definition.columns ?? []).map(dimensionDraft),
    measures: definition.measures.map(measureDraft),
    filter: definition.filter ?? {},
    where: textOf(definition.where),
    having: textOf(definition.having),
    parameters: definition.parameters ?? [],
    sort: (definition.sort ?? []).map((item) =>
      typeof item === "string"
        ? { by: item.replace(/^-/, ""), descending: item.startsWith("-") }
        : { by: item.by, descending: item.descending === true },
    ),
    top: top ? { on: true, count: top.count, by: top.by, rest: top.rest !== false } : draft.top,
    compare: compare ? { on: true, ...compare } : draft.compare,
    chart: definition.chart ?? "table",
  };
}

/** What is sent: only what has been said, and what is half said is left out. */
export function definitionOf(draft: Draft): Definition {
  const measures = draft.measures.filter(isWhole).map(measureDefinition);
  const names = new Set(measures.map(measureName));
  const sortable = new Set([...names, ...[...draft.rows, ...draft.columns].filter(isSaid).map(dimensionName)]);
  const sort = draft.sort.filter((item) => sortable.has(item.by));
  return {
    entity: draft.entity,
    ...(draft.lines === "" ? {} : { lines: draft.lines }),
    rows: draft.rows.filter(isSaid).map(dimensionDefinition),
    columns: draft.columns.filter(isSaid).map(dimensionDefinition),
    measures,
    ...(Object.keys(draft.filter).length === 0 ? {} : { filter: draft.filter }),
    ...(draft.where.trim() === "" ? {} : { where: sourceOf(draft.where) }),
    ...(draft.having.trim() === "" ? {} : { having: sourceOf(draft.having) }),
    ...(draft.parameters.length === 0 ? {} : { parameters: draft.parameters }),
    ...(sort.length === 0 ? {} : { sort }),
    ...(draft.top.on && names.has(draft.top.by) && draft.rows.some(isSaid)
      ? { top: { count: draft.top.count, by: draft.top.by, rest: draft.top.rest } }
      : {}),
    ...(draft.compare.on && draft.compare.field !== ""
      ? { compare: { field: draft.compare.field, period: draft.compare.period, to: draft.compare.to } }
      : {}),
    chart: draft.chart,
  };
}

/** The name by which a report's own parts mean a dimension. */
export function dimensionName(item: { field?: string; by?: Bucket | ""; name?: string }): string {
  if (item.name !== undefined && item.name !== "") return item.name;
  return item.by === undefined || item.by === "" ? (item.field ?? "") : `${item.field ?? ""}_${item.by}`;
}

export function measureName(item: Pick<MeasureDefinition, "function" | "field" | "name">): string {
  if (item.name !== undefined && item.name !== "") return item.name;
  const { function: aggregate = "count", field } = item;
  return field === undefined || field === null || field === "" ? aggregate : `${aggregate}_${field}`;
}

/** The fields that a report of an entity can use: the head's, and those of the lines it counts, by their full names. */
export function fieldsFor(entity: EntityMeta, lines: string, t: (key: string) => string): FieldMeta[] {
  const head = allFields(entity, t).filter((field) => field.masked !== true && field.kind !== "json" && field.kind !== "secret");
  const grid = entity.lines.find((item) => item.name === lines);
  const own = (grid?.fields ?? [])
    .filter((field) => field.masked !== true && field.kind !== "json")
    .map((field) => ({ ...field, name: `${lines}.${field.name}`, label: `${grid?.label ?? ""} · ${field.label}` }));
  return [...own, ...head];
}

export function canGroup(field: FieldMeta): boolean {
  return !["long_text", "files", "file", "image", "tags", "multi_choice", "money", "price", "quantity"].includes(field.kind);
}

export function canSum(field: FieldMeta): boolean {
  return isNumber(field.kind);
}

/** The functions that make sense for a field. */
export function functionsFor(field: FieldMeta | undefined): Aggregate[] {
  if (field === undefined) return ["count"];
  if (isNumber(field.kind)) return ["sum", "avg", "min", "max", "count_distinct"];
  return isDay(field.kind) ? ["min", "max", "count_distinct"] : ["count", "count_distinct"];
}

/** What a figure is called until somebody gives it a name. */
export function usualMeasure(field: FieldMeta): MeasureDraft {
  const [first = "count"] = functionsFor(field);
  return { function: first, field: field.name, expression: "", name: "", label: undefined, digits: undefined };
}

export function usualDimension(field: FieldMeta): DimensionDraft {
  return { field: field.name, by: isDay(field.kind) ? "month" : "", expression: "", name: "", label: undefined };
}

/** Whether there is enough to run. */
export function canRun(draft: Draft): boolean {
  return draft.entity !== "" && draft.measures.some(isWhole);
}

function dimensionDraft(item: string | DimensionDefinition): DimensionDraft {
  if (typeof item !== "string") {
    return { field: item.field ?? "", by: item.by ?? "", expression: item.expression ?? "", name: item.name ?? "", label: item.label };
  }
  const found = DIMENSION.exec(item);
  return { field: found?.[2] ?? item, by: (found?.[1] ?? "") as Bucket | "", expression: "", name: "", label: undefined };
}

function measureDraft(item: string | MeasureDefinition): MeasureDraft {
  const none = { name: "", label: undefined, digits: undefined };
  if (typeof item === "string") {
    const found = MEASURE.exec(item);
    if (found === null) return { ...none, function: "expression", field: "", expression: item };
    return { ...none, function: found[1] as Aggregate, field: found[2] ?? "", expression: "" };
  }
  return {
    function: item.expression === undefined ? (item.function ?? "count") : "expression",
    field: item.field ?? "",
    expression: item.expression ?? "",
    name: item.name ?? "",
    label: item.label,
    digits: item.digits,
  };
}

function dimensionDefinition(item: DimensionDraft): DimensionDefinition {
  return {
    ...(item.expression === "" ? { field: item.field } : { expression: item.expression }),
    ...(item.by === "" ? {} : { by: item.by }),
    ...(item.name === "" ? {} : { name: item.name }),
    ...(item.label === undefined || item.label === "" ? {} : { label: item.label }),
  };
}

function measureDefinition(item: MeasureDraft): MeasureDefinition {
  return {
    ...(item.function === "expression" ? { expression: item.expression } : { function: item.function }),
    ...(item.function === "expression" || item.field === "" ? {} : { field: item.field }),
    ...(item.name === "" ? {} : { name: item.name }),
    ...(item.label === undefined || item.label === "" ? {} : { label: item.label }),
    ...(item.digits === undefined ? {} : { digits: item.digits }),
  };
}

function isSaid(item: DimensionDraft): boolean {
  return item.field !== "" || item.expression !== "";
}

function isWhole(item: MeasureDraft): boolean {
  if (item.function === "expression") return item.expression.trim() !== "";
  return item.function === "count" || item.field !== "";
}

/** Conditions may be kept as a tree; it is shown as its JSON, which is taken back as such. */
function textOf(source: unknown): string {
  if (source === null || source === undefined) return "";
  return typeof source === "string" ? source : JSON.stringify(source);
}

function sourceOf(text: string): unknown {
  if (!text.trim().startsWith("{")) return text.trim();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text.trim();
  }
}
