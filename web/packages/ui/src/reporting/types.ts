import type { FieldMeta, Filter, ReportMeta } from "@superpaas/api";

/** What `/api/v1/<cell>/_reports` takes and answers (docs/guide/reports.md). */

export const CHARTS = ["table", "bar", "line", "area", "stacked", "pie"] as const;
export type ChartKind = (typeof CHARTS)[number];
export const BUCKETS = ["day", "week", "month", "quarter", "year"] as const;
export type Bucket = (typeof BUCKETS)[number];
export const FUNCTIONS = ["sum", "avg", "min", "max", "count", "count_distinct"] as const;
export type Aggregate = (typeof FUNCTIONS)[number];
export type Label = string | { zh: string; en: string };
export type Sharing = "private" | "roles" | "all";
export type ParameterKind = "text" | "number" | "date" | "flag" | "id" | "period";

export interface DimensionDefinition {
  field?: string;
  expression?: string;
  by?: Bucket;
  name?: string;
  label?: Label;
}

export interface MeasureDefinition {
  function?: Aggregate;
  field?: string | null;
  expression?: string;
  name?: string;
  label?: Label;
  digits?: number;
}

export interface ParameterDefinition {
  name: string;
  kind: ParameterKind;
  label?: Label;
  default?: unknown;
  required?: boolean;
}

export interface Definition {
  entity: string;
  lines?: string | null;
  rows?: (string | DimensionDefinition)[];
  columns?: (string | DimensionDefinition)[];
  measures: (string | MeasureDefinition)[];
  filter?: Filter;
  where?: unknown;
  having?: unknown;
  parameters?: ParameterDefinition[];
  sort?: (string | { by: string; descending?: boolean })[];
  top?: { count: number; by: string; rest?: boolean } | null;
  compare?: { field: string; period: string; to: "before" | "year_before" } | null;
  chart?: ChartKind;
}

export interface ReportParameter {
  name: string;
  kind: ParameterKind;
  label: string;
  default: unknown;
  required: boolean;
}

/** A report in the list. */
export interface ReportItem {
  id: string;
  origin: "code" | "system" | "own" | "shared";
  name: string;
  entity: string | null;
  chart: ChartKind;
  path: string;
  parameters: ReportParameter[];
  usable: boolean;
  editable: boolean;
  sharing: Sharing | null;
  version: number | null;
}

/** A report with its definition. */
export interface ReportDetail extends ReportItem {
  definition: Definition;
  description: string | null;
  roles: string[] | null;
}

/** A dimension of a result. */
export interface ResultDimension {
  name: string;
  label: string;
  kind: string;
  bucket: Bucket | null;
  to: string | null;
}

export interface ResultMeasure {
  name: string;
  label: string;
  kind: string;
}

export type Figures = Record<string, string | number | null>;

/** One group: a shorter `row` is a subtotal, an empty `column` the sum across. */
export interface ResultItem {
  row: unknown[];
  row_labels: string[];
  column: unknown[];
  column_labels: string[];
  rest: boolean;
  values: Figures;
  before?: Figures | null;
  change?: Record<string, string | null> | null;
  filter: Filter;
}

export interface Result {
  entity: string;
  chart: ChartKind;
  rows: ResultDimension[];
  columns: ResultDimension[];
  measures: ResultMeasure[];
  items: ResultItem[];
  totals: ResultItem[];
  truncated: boolean;
}

/** A coded report in the metadata, with what it tells of its values. */
export interface CodedReport extends ReportMeta {
  columns?: FieldMeta[];
  figures?: FieldMeta[];
  links?: Record<string, { to: string; id: string }>;
  chart?: { kind: ChartKind; by: string; measures: string[] } | null;
}

export type CodedAnswer = Record<string, unknown> & { items?: Record<string, unknown>[] };
