import { onScopeDispose, ref, shallowRef, type Ref } from "vue";

import { ApiError, listPage, useApi, type EntityMeta, type Filter, type Page, type Row } from "@superpaas/api";

import { allOf } from "./merging.ts";

export interface RowsQuery {
  q: string;
  filter: Filter;
  sort: readonly string[];
  limit: number;
}

export interface Rows {
  rows: Ref<Row[]>;
  next: Ref<string | null>;
  loading: Ref<boolean>;
  /** The first page has been answered, at least once. */
  ready: Ref<boolean>;
  error: Ref<unknown>;
  load: (query: RowsQuery) => Promise<void>;
  more: () => Promise<void>;
  /** Read some rows again, as they are now; those that are gone leave. */
  again: (ids: readonly string[]) => Promise<void>;
}

/** Whoever goes on to the end of a long list gets there in larger steps; the service gives no more at once. */
const STEP = 200;
const FEW = 150;

/** As many ids as one filter takes with ease in an address. */
const MOST_IDS = 100;

/** The rows of a list, page by page as they are needed. */
export function useRows(entity: EntityMeta): Rows {
  const rows = shallowRef<Row[]>([]);
  const next = ref<string | null>(null);
  const loading = ref(false);
  const ready = ref(false);
  const error = shallowRef<unknown>(null);
  let asked: RowsQuery | null = null;
  let running: AbortController | undefined;

  async function load(query: RowsQuery): Promise<void> {
    asked = query;
    const page = await ask(query, null);
    if (page === null) return;
    rows.value = page.items;
    next.value = page.next;
    ready.value = true;
  }

  async function more(): Promise<void> {
    if (asked === null || next.value === null || loading.value) return;
    const step = rows.value.length > FEW ? Math.max(asked.limit, STEP) : asked.limit;
    const page = await ask({ ...asked, limit: step }, next.value);
    if (page === null) return;
    const known = new Set(rows.value.map((row) => row.id));
    rows.value = [...rows.value, ...page.items.filter((row) => !known.has(row.id))];
    next.value = page.next;
  }

  async function ask(query: RowsQuery, cursor: string | null): Promise<Page<Row> | null> {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    loading.value = true;
    try {
      const page = await listPage<Row>(useApi(), entity.path, { ...query, cursor }, mine.signal);
      error.value = null;
      return running === mine ? page : null;
    } catch (cause) {
      if (running === mine && !(cause instanceof ApiError && cause.isAborted)) {
        error.value = cause;
        ready.value = true;
      }
      return null;
    } finally {
      if (running === mine) loading.value = false;
    }
  }

  async function again(ids: readonly string[]): Promise<void> {
    const found = await rowsById(entity, ids);
    const wanted = new Set(ids);
    rows.value = rows.value.flatMap((row) => (wanted.has(row.id) ? (found.get(row.id) ?? []) : [row]));
  }

  onScopeDispose(() => running?.abort());
  return { rows, next, loading, ready, error, load, more, again };
}

/** Rows by their ids, as the list shows them (with labels). */
export async function rowsById(entity: EntityMeta, ids: readonly string[], filter: Filter = {}): Promise<Map<string, Row>> {
  const found = new Map<string, Row>();
  for (let start = 0; start < ids.length; start += MOST_IDS) {
    const some = allOf(filter, { id: { in: ids.slice(start, start + MOST_IDS) } });
    const page = await listPage<Row>(useApi(), entity.path, { filter: some, limit: MOST_IDS });
    for (const row of page.items) found.set(row.id, row);
  }
  return found;
}
