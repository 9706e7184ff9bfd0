import { computed, ref, shallowRef, watch, type ComputedRef, type Ref } from "vue";

import {
  ApiError,
  isDeletable,
  isEditable,
  isPartlyEditable,
  may,
  newRequestId,
  segment,
  useApi,
  useMetadata,
  type CellMeta,
  type DocumentRow,
  type EntityMeta,
} from "@superpaas/api";

import { missing, type CheckWords } from "./checking.ts";
import { draftKey, dropDraft, keepDraft, keptDraft, type KeptDraft } from "./drafts.ts";
import { noErrors, sortProblems, type FormErrors } from "./errors.ts";
import { merge, type Merge } from "./merging.ts";
import { blankDraft, changes, copyOf, creation, draftOf, linesOf, sentPositions, type Draft } from "./model.ts";
import { forgetTrails } from "./trail.ts";

export interface DocumentOptions {
  cell: string;
  /** The word of the entity in addresses. */
  plural: string;
  id: string | undefined;
  /** Begin with what another row holds. */
  copyFrom: string | undefined;
  /** Values that the address gives to a new one. */
  given: Record<string, unknown>;
  words: CheckWords;
}

/** Milliseconds after the last stroke until a draft is kept. */
const PAUSE_MS = 800;

/** One document on the screen: read, written, saved, merged. */
export function useDocument(options: DocumentOptions) {
  const api = useApi();
  const metadata = useMetadata();

  const meta = shallowRef<CellMeta | null>(null);
  const entity = shallowRef<EntityMeta | null>(null);
  const row = shallowRef<DocumentRow | null>(null);
  const draft: Ref<Draft> = ref({});
  const failure = shallowRef<unknown>(null);
  const loading = ref(true);
  const saving = ref(false);
  const editing = ref(options.id === undefined);
  const errors: Ref<FormErrors> = ref(noErrors());
  const offered = shallowRef<KeptDraft | null>(null);
  const conflict = shallowRef<{ theirs: DocumentRow; merge: Merge } | null>(null);

  const isNew = computed(() => row.value === null);
  const path = computed(() => entity.value?.path ?? "");
  /** What a running approval opens although the state does not. */
  const opened = shallowRef<"all" | ReadonlySet<string> | null>(null);
  const mayEdit = computed(() => {
    if (entity.value === null) return false;
    if (row.value === null) return may(entity.value, "create");
    return isEditable(entity.value, row.value) || isPartlyEditable(entity.value) || (opened.value !== null && may(entity.value, "update"));
  });
  /** The state leaves but those fields open that may always be changed, or that the approval opens. */
  const limited = computed(() => entity.value !== null && row.value !== null && opened.value !== "all" && !isEditable(entity.value, row.value));
  const mayDelete = computed(() => entity.value !== null && row.value !== null && isDeletable(entity.value, row.value));
  const initial = shallowRef<Draft>({});
  const isDirty: ComputedRef<boolean> = computed(() => {
    if (entity.value === null || !editing.value) return false;
    return Object.keys(changes(entity.value, row.value ?? initial.value, draft.value)).length > 0;
  });

  async function load(): Promise<void> {
    loading.value = true;
    failure.value = null;
    try {
      meta.value = await metadata.load(options.cell);
      entity.value = metadata.entity(options.cell, options.plural) ?? null;
      if (entity.value === null) {
        // What is kept from an earlier visit may not know it yet.
        meta.value = await metadata.refresh(options.cell);
        entity.value = metadata.entity(options.cell, options.plural) ?? null;
      }
      if (entity.value === null) throw new ApiError(404, { code: "NOT_FOUND", message: "", requestId: "" });
      if (options.id === undefined) await begin(entity.value);
      else take(await read(options.id));
      offered.value = (await keptDraft(keyOfDraft())) ?? null;
    } catch (error) {
      failure.value = error;
    } finally {
      loading.value = false;
    }
  }

  async function begin(described: EntityMeta): Promise<void> {
    draft.value = options.copyFrom === undefined ? blankDraft(described) : copyOf(described, await read(options.copyFrom));
    initial.value = plain(options.copyFrom === undefined ? draft.value : blankDraft(described));
    Object.assign(draft.value, options.given);
    editing.value = true;
  }

  async function read(id: string): Promise<DocumentRow> {
    const described = entity.value as EntityMeta;
    return api.get<DocumentRow>(`${described.path}/${segment(id)}`);
  }

  /** Show a row as stored. */
  function take(stored: DocumentRow): void {
    row.value = stored;
    draft.value = draftOf(entity.value as EntityMeta, stored);
    errors.value = noErrors();
  }

  async function reload(): Promise<void> {
    if (row.value !== null) take(await read(row.value.id));
  }

  function edit(): void {
    if (!mayEdit.value || entity.value === null || row.value === null) return;
    draft.value = draftOf(entity.value, row.value);
    errors.value = noErrors();
    editing.value = true;
  }

  /** Leave editing; what was written is gone. */
  function discard(): void {
    if (row.value !== null && entity.value !== null) {
      draft.value = draftOf(entity.value, row.value);
      editing.value = false;
    }
    errors.value = noErrors();
    void dropDraft(keyOfDraft());
  }

  /** Save what has been written; `false` when something stands against it. */
  async function save(): Promise<boolean> {
    const described = entity.value;
    if (described === null || saving.value) return false;
    const wrong = missing(described, draft.value, options.words, row.value === null);
    if (wrong !== null) {
      errors.value = wrong;
      return false;
    }
    saving.value = true;
    try {
      const stored = row.value === null ? await create(described) : await change(described, row.value);
      if (stored === null) return false;
      await dropDraft(keyOfDraft());
      forgetTrails(described.path);
      take(stored);
      editing.value = false;
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) || error.problems.length === 0) throw error;
      errors.value = sortProblems(described, error.problems, positions(described));
      return false;
    } finally {
      saving.value = false;
    }
  }

  // A save that was sent but not answered is sent again under the same id, unless something has changed since.
  let attempt: { body: string; requestId: string } | null = null;

  function requestIdFor(body: unknown): string {
    const text = JSON.stringify(body);
    if (attempt?.body !== text) attempt = { body: text, requestId: newRequestId() };
    return attempt.requestId;
  }

  async function create(described: EntityMeta): Promise<DocumentRow> {
    const body = creation(described, draft.value);
    return api.post<DocumentRow>(described.path, body, { requestId: requestIdFor(body) });
  }

  async function change(described: EntityMeta, stored: DocumentRow): Promise<DocumentRow | null> {
    const changed = changes(described, stored, draft.value);
    if (Object.keys(changed).length === 0) return stored;
    const body = { ...changed, version: stored.version };
    try {
      return await api.patch<DocumentRow>(`${described.path}/${segment(stored.id)}`, body, {
        requestId: requestIdFor(body),
      });
    } catch (error) {
      if (!(error instanceof ApiError && error.isVersionConflict)) throw error;
      const theirs = await read(stored.id);
      const merged = merge(described, draftOf(described, stored), draft.value, draftOf(described, theirs));
      conflict.value = { theirs, merge: merged };
      return null;
    }
  }

  /** Go on with a merged draft, upon the others' version. */
  async function resolve(merged: Draft): Promise<boolean> {
    if (conflict.value === null) return false;
    row.value = conflict.value.theirs;
    draft.value = merged;
    conflict.value = null;
    return save();
  }

  async function remove(): Promise<void> {
    if (entity.value === null || row.value === null) return;
    await api.delete(`${entity.value.path}/${segment(row.value.id)}`, { query: { version: row.value.version } });
    await dropDraft(keyOfDraft());
    forgetTrails(entity.value.path);
  }

  /** Run an action and show what the row has become. */
  async function act(verb: string, parameters: Record<string, unknown>): Promise<Record<string, unknown>> {
    const [described, stored] = [entity.value, row.value];
    if (described === null || stored === null) return {};
    const body = { ...parameters, version: stored.version };
    const answer = await api.post<Record<string, unknown> | undefined>(
      `${described.path}/${segment(stored.id)}/${segment(verb)}`,
      body,
      { requestId: requestIdFor({ verb, body }) },
    );
    forgetTrails(described.path);
    attempt = null;
    await reload();
    return answer ?? {};
  }

  function acceptOffered(): void {
    const kept = offered.value;
    if (kept === null || entity.value === null) return;
    offered.value = null;
    const stored = row.value;
    if (stored === null || kept.base === undefined || kept.version === stored.version) draft.value = kept.draft;
    else {
      // Written upon an older version: what others have changed since stays, contradictions are asked for.
      const joined = merge(entity.value, kept.base, kept.draft, draftOf(entity.value, stored));
      draft.value = joined.conflicts.length === 0 ? joined.merged : kept.draft;
      if (joined.conflicts.length > 0) conflict.value = { theirs: stored, merge: joined };
    }
    editing.value = true;
  }

  function refuseOffered(): void {
    offered.value = null;
    void dropDraft(keyOfDraft());
  }

  function positions(described: EntityMeta): Record<string, number[]> {
    return Object.fromEntries(
      described.lines.map((grid) => [grid.name, sentPositions(grid, linesOf(draft.value, grid.name))]),
    );
  }

  function keyOfDraft(): string {
    return draftKey(entity.value?.key ?? `${options.cell}.${options.plural}`, options.id);
  }

  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(
    draft,
    () => {
      clearTimeout(timer);
      if (!editing.value) return;
      timer = setTimeout(() => {
        if (!isDirty.value || saving.value) return;
        void keepDraft({
          key: keyOfDraft(),
          version: row.value?.version ?? 0,
          at: Date.now(),
          ...(row.value === null ? {} : { base: plain(draftOf(entity.value as EntityMeta, row.value)) }),
          draft: plain(draft.value),
        });
      }, PAUSE_MS);
    },
    { deep: true },
  );

  return {
    meta,
    entity,
    row,
    draft,
    failure,
    loading,
    saving,
    editing,
    errors,
    offered,
    conflict,
    isNew,
    path,
    mayEdit,
    opened,
    limited,
    mayDelete,
    isDirty,
    load,
    reload,
    edit,
    discard,
    save,
    resolve,
    remove,
    act,
    acceptOffered,
    refuseOffered,
  };
}

/** A copy without the page's reactivity, which databases cannot store. */
function plain(draft: Draft): Draft {
  return JSON.parse(JSON.stringify(draft)) as Draft;
}

export type DocumentState = ReturnType<typeof useDocument>;
