/** What `/api/v1/<cell>/_imports` answers (docs/guide/imports.md). */

export type ImportState = "uploaded" | "checked" | "committing" | "committed" | "undone";
export type JobState = "waiting" | "running" | "succeeded" | "failed" | "cancelled";
export type Existing = "create" | "update" | "both";
export type Mode = "all" | "batch";
export type Reason = "remembered" | "name" | "similar" | "none";

export interface ImportJob {
  id: string;
  /** `import-check`, `import-commit` or `import-undo`. */
  name: string;
  state: JobState;
  state_label: string;
  done: number | null;
  total: number | null;
  error: string | null;
}

/** An import in the history. */
export interface ImportLine {
  id: string;
  document: string;
  document_label: string;
  file_name: string;
  size: number;
  rows: number;
  mode: Mode;
  existing: Existing;
  state: ImportState;
  state_label: string;
  documents: number;
  created: number;
  updated: number;
  unchanged: number;
  failed: number;
  error_count: number;
  undone: number;
  kept: number;
  created_at: string;
  created_by: string;
  committed_at: string | null;
  undone_at: string | null;
  has_file: boolean;
  job: ImportJob | null;
}

/** A column of the file. */
export interface FileColumn {
  column: string;
  samples: string[];
  field: string | null;
  reason: Reason;
}

/** A field that a column can fill. */
export interface TargetField {
  field: string;
  label: string;
  kind: string;
  required: boolean;
  mapped: boolean;
}

export interface MappingProblem {
  column: string;
  field: string | null;
  rule: string;
  message: string;
}

/** One import with its columns. */
export interface ImportDetail extends ImportLine {
  columns: FileColumn[];
  fields: TargetField[];
  problems: MappingProblem[];
}

/** What is wrong in a cell of the file, or why an undo has left a document. */
export interface RowProblem {
  row: number;
  column: string;
  field: string | null;
  rule: string;
  message: string;
}

export type Mapping = Record<string, string | null>;

/** The answers of an upload's form. */
export interface Choice {
  mapping?: Mapping;
  mode?: Mode;
  existing?: Existing;
}
