import type { FileColumn, ImportDetail, ImportJob, ImportLine, Mapping, RowProblem, TargetField } from "./types.ts";

export const STEPS = ["upload", "map", "check", "result"] as const;
export type Step = (typeof STEPS)[number];

export const MOST_BYTES = 64 * 1024 * 1024;
export const FILE_TYPES = [".xlsx", ".csv"] as const;

/** Whether a job is under way; nothing else can be started meanwhile. */
export function isRunning(job: ImportJob | null): boolean {
  return job !== null && (job.state === "waiting" || job.state === "running");
}

/** What goes on or has gone on last: `check`, `commit`, `undo`. */
export function verbOf(job: ImportJob | null): string {
  return job === null ? "" : job.name.replace(/^import-/, "");
}

/** Where the wizard stands with an import. */
export function stepOf(line: ImportLine | null): Step {
  if (line === null) return "upload";
  if (line.state === "committing" || line.state === "committed" || line.state === "undone") return "result";
  const verb = verbOf(line.job);
  if (verb === "commit") return "result";
  return line.state === "checked" || verb === "check" ? "check" : "map";
}

/** The share of a job's work that is done, in percent; `null` where it is not known. */
export function progressOf(job: ImportJob | null): number | null {
  if (job === null || job.done === null || job.total === null || job.total <= 0) return null;
  return Math.min(100, Math.floor((job.done / job.total) * 100));
}

/** Why a file is not even sent. */
export function fileProblem(file: { name: string; size: number }): "type" | "size" | "empty" | null {
  if (!FILE_TYPES.some((ending) => file.name.toLowerCase().endsWith(ending))) return "type";
  if (file.size === 0) return "empty";
  return file.size > MOST_BYTES ? "size" : null;
}

export function mappingOf(columns: readonly FileColumn[]): Mapping {
  return Object.fromEntries(columns.map((item) => [item.column, item.field]));
}

/** A column fills a field; the column that has filled it before is left out, since a field takes one column. */
export function assigned(mapping: Mapping, column: string, field: string | null): Mapping {
  const changed = Object.entries(mapping).map(([name, before]): [string, string | null] => {
    if (name === column) return [name, field];
    return [name, field !== null && before === field ? null : before];
  });
  return Object.fromEntries(changed);
}

/** The fields that must be filled and are not. */
export function missingFields(fields: readonly TargetField[], mapping: Mapping, existing: string): TargetField[] {
  if (existing === "update") return [];
  const taken = new Set(Object.values(mapping));
  // A line's field is only needed where lines are imported at all.
  return fields.filter((item) => item.required && !item.field.includes(".") && !taken.has(item.field));
}

/** Problems by column, the most frequent first. */
export function byColumn(problems: readonly RowProblem[]): { column: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { column } of problems) counts.set(column, (counts.get(column) ?? 0) + 1);
  return [...counts].map(([column, count]) => ({ column, count })).sort((one, other) => other.count - one.count);
}

/** Whether the documents of an import can be taken back. */
export function canUndo(line: ImportLine): boolean {
  return (
    (line.state === "committed" || line.state === "committing") &&
    line.created - line.undone > 0 &&
    !isRunning(line.job)
  );
}

/** Whether an import, cut off in batches, can go on. */
export function canGoOn(detail: ImportDetail): boolean {
  return detail.state === "committing" && detail.has_file && !isRunning(detail.job);
}

/** `1234567` → `1.2 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes.toString()} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
