import { ApiError, cellOf, entityByKey, listPage, titleOf, useMetadata, type ActionMeta, type ApiClient, type EntityMeta, type FieldMeta, type Filter, type Row } from "@superpaas/api";

/** A scan view as `_views` gives it; see docs/guide/views.md. */
export interface ScanView {
  id: string;
  name: string;
  settings: ScanSettings;
}

export interface ScanSettings {
  codes: string[];
  action?: string;
  ask?: string[];
  card?: string[];
  at_once?: boolean;
  filter?: Filter;
  where?: unknown;
}

/** Why a code leads to no document. */
export class NotFound extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.name = "NotFound";
    this.code = code;
  }
}

export class Ambiguous extends Error {
  readonly rows: Row[];
  constructor(rows: Row[]) {
    super("ambiguous");
    this.name = "Ambiguous";
    this.rows = rows;
  }
}

const MOST = 10;

/** The scan views of an entity that the caller may use. */
export async function readScanViews(api: ApiClient, cell: string, entity: EntityMeta): Promise<ScanView[]> {
  const { items } = await api.get<{ items: (ScanView & { kind: string })[] }>(`/api/v1/${cell}/_views`, {
    query: { entity: entity.key },
  });
  return items.filter((item) => item.kind === "scan");
}

/** The filter of one field's exact value, with what the view narrows. */
export function filterFor(settings: ScanSettings, field: string, code: string): Filter {
  const filter: Filter = { ...settings.filter, [field]: code };
  if (settings.where !== undefined) filter["$where"] = settings.where as never;
  return filter;
}

/**
 * The document that a code stands on: the first field that has it decides. What the view leaves out is looked for too,
 * so that "already posted" can be told from "unknown".
 */
export async function findByCode(
  api: ApiClient,
  entity: EntityMeta,
  settings: ScanSettings,
  code: string,
): Promise<{ row: Row; allowed: boolean }> {
  for (const narrowed of [true, false]) {
    for (const field of settings.codes) {
      const filter = narrowed ? filterFor(settings, field, code) : filterFor({ codes: [] }, field, code);
      const { items } = await listPage<Row>(api, entity.path, { filter, limit: MOST });
      if (items.length > 1 && narrowed) throw new Ambiguous(items);
      const [row] = items;
      if (row !== undefined) return { row, allowed: narrowed };
    }
    if (settings.filter === undefined && settings.where === undefined) break;
  }
  throw new NotFound(code);
}

export function actionOf(entity: EntityMeta, settings: ScanSettings): ActionMeta | undefined {
  return entity.actions?.find((action) => action.verb === settings.action);
}

/** The parameters to ask for, in the order of the view. */
export function askedOf(action: ActionMeta | undefined, settings: ScanSettings): FieldMeta[] {
  return (settings.ask ?? []).flatMap((name) => action?.parameters.find((field) => field.name === name) ?? []);
}

/** The fields of the card; the title is above it. */
export function cardOf(entity: EntityMeta, settings: ScanSettings): FieldMeta[] {
  const names = settings.card ?? entity.fields.filter((field) => field.list).map((field) => field.name);
  return names.flatMap((name) => entity.fields.find((field) => field.name === name) ?? []);
}

/** The fields by which a row that a parameter points at is known on its label: number, code, what is unique. */
export function codeFields(entity: EntityMeta): string[] {
  const unique = entity.fields.filter((field) => field.kind === "text" && field.unique).map((field) => field.name);
  const number = "number" in entity.standard_fields ? ["number"] : [];
  return [...new Set([...number, ...unique])];
}

/** The value that a scan gives a parameter: of a reference the row whose label was scanned, else the code itself. */
export async function valueOfScan(api: ApiClient, field: FieldMeta, code: string): Promise<{ value: unknown; label: string }> {
  if (field.to === undefined || !["reference", "parent"].includes(field.kind)) return { value: code, label: code };
  const meta = await useMetadata().load(cellOf(field.to));
  const target = entityByKey(meta, field.to);
  if (target === undefined) throw new NotFound(code);
  const { row } = await findByCode(api, target, { codes: codeFields(target) }, code);
  return { value: row.id, label: titleOf(target, row) };
}

/** One piece of work that was scanned: enough to do it later, and to do it only once. */
export interface Job {
  /** Also the id of its request: however often it is sent, the service acts once. */
  id: string;
  cell: string;
  entity: string;
  /** The document, where it was known at the scan; found by the code when there was no network. */
  row: string | null;
  code: string;
  title: string;
  settings: ScanSettings;
  parameters: Record<string, unknown>;
  /** What the parameters read like. */
  shown: string;
  at: string;
  state: "queued" | "sending" | "done" | "refused";
  tries: number;
  reason: string | null;
  requestId: string | null;
}

/** What becomes of a job when it is sent now. */
export type Sent = Pick<Job, "state" | "reason" | "requestId" | "row" | "title">;

/** Whether a failure says nothing about the work: no network, the platform away or busy. Then it is sent again. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.isOffline || error.isAborted || error.isCellStopped || error.status === 429 || error.status >= 500 || error.status === 401;
}

/** Do a job. A refusal is an answer, too; anything passing is thrown. */
export async function send(
  api: ApiClient,
  entity: EntityMeta,
  job: Job,
  words: (error: unknown) => string,
): Promise<Sent> {
  let { row, title } = job;
  try {
    if (row === null) {
      const found = await findByCode(api, entity, job.settings, job.code);
      row = found.row.id;
      title = titleOf(entity, found.row);
    }
    if (job.settings.action !== undefined) {
      const path = `${entity.path}/${encodeURIComponent(row)}/${job.settings.action}`;
      await api.post(path, job.parameters, { requestId: job.id });
    }
    return { state: "done", reason: null, requestId: null, row, title };
  } catch (error) {
    if (isPassing(error)) throw error;
    const requestId = error instanceof ApiError ? error.requestId : null;
    return { state: "refused", reason: words(error), requestId, row, title };
  }
}
