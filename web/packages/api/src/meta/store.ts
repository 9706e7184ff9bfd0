import { defineStore } from "pinia";
import { computed, shallowReactive, shallowRef } from "vue";

import { ApiError } from "../http/errors.ts";
import { language, useConnection } from "../session/app.ts";
import { MetadataCache } from "./cache.ts";
import { fetchWithTag } from "./fetching.ts";
import { cellOf, entityByKey, entityByPlural } from "./lookup.ts";
import type { CellMeta, EntityMeta, PlatformCell } from "./types.ts";

/** Metadata that is younger is not asked for again when a page opens: rights that change show within seconds. */
const FRESH_MS = 10_000;
const CELLS = "/api/v1/platform/cells";

/** The cells, and what each lets the caller see and do. */
export const useMetadata = defineStore("metadata", () => {
  const cells = shallowRef<PlatformCell[]>([]);
  const loaded = shallowRef(false);
  const metas = shallowReactive(new Map<string, CellMeta>());
  /** Why a cell could not be asked; shown in the menu and on its pages. */
  const failures = shallowReactive(new Map<string, ApiError>());
  const running = new Map<string, Promise<CellMeta>>();
  const askedAt = new Map<string, number>();
  let cache: MetadataCache | null = null;
  let asking: Promise<PlatformCell[]> | null = null;

  const ready = computed(() => cells.value.filter((cell) => metas.has(cell.name)));

  /** Which cells there are, with their lights; several askers share one request. */
  function loadCells(): Promise<PlatformCell[]> {
    asking ??= askCells().finally(() => {
      asking = null;
    });
    return asking;
  }

  /** The cell as the platform knows it, if it is stopped or not ready: nothing in it can be used now. */
  function stopped(cell: string): PlatformCell | undefined {
    return cells.value.find((item) => item.name === cell && (!item.enabled || item.light === "red"));
  }

  /**
   * A cell's metadata. What an earlier visit has kept is given at once and asked for again behind it; so the first
   * page needs no round trip, and a permission taken away is gone with the answer.
   */
  async function load(cell: string): Promise<CellMeta> {
    const known = metas.get(cell);
    if (known !== undefined) {
      if (Date.now() - (askedAt.get(cell) ?? 0) > FRESH_MS) renewBehind(cell);
      return known;
    }
    const earlier = await kept().get(`${owner()}/${pathOf(cell)}`);
    const inMemory = metas.get(cell);
    if (inMemory !== undefined) return inMemory;
    if (earlier === undefined) return refresh(cell);
    metas.set(cell, earlier.body as CellMeta);
    renewBehind(cell);
    return earlier.body as CellMeta;
  }

  /** Ask again behind a page that is shown already, unless the cell is known to be stopped. */
  function renewBehind(cell: string): void {
    const listed = loaded.value ? Promise.resolve() : loadCells();
    listed.then(() => (stopped(cell) === undefined ? refresh(cell) : undefined)).catch(() => undefined);
  }

  /** Ask a cell now; several askers share one request. */
  function refresh(cell: string): Promise<CellMeta> {
    let request = running.get(cell);
    if (request === undefined) {
      request = ask(cell).finally(() => running.delete(cell));
      running.set(cell, request);
    }
    return request;
  }

  /** An entity by the word in its address. */
  function entity(cell: string, plural: string): EntityMeta | undefined {
    const meta = metas.get(cell);
    return meta === undefined ? undefined : entityByPlural(meta, plural);
  }

  /** An entity by its key; its cell's metadata must have been loaded. */
  function entityOf(key: string): EntityMeta | undefined {
    const meta = metas.get(cellOf(key));
    return meta === undefined ? undefined : entityByKey(meta, key);
  }

  /** Forget everything in memory: the language or the user has changed. */
  function clear(): void {
    cells.value = [];
    loaded.value = false;
    metas.clear();
    failures.clear();
    askedAt.clear();
    running.clear();
    asking = null;
  }

  /** Forget everything, also on disk: the session is over. */
  async function wipe(): Promise<void> {
    clear();
    await kept().wipe();
  }

  async function askCells(): Promise<PlatformCell[]> {
    const { api } = useConnection();
    const asker = owner();
    const { body } = await fetchWithTag<{ items: PlatformCell[] }>(api, kept(), asker, CELLS);
    if (asker === owner()) {
      cells.value = body.items;
      loaded.value = true;
    }
    return body.items;
  }

  async function ask(cell: string): Promise<CellMeta> {
    const { api } = useConnection();
    const asker = owner();
    try {
      const { body, changed } = await fetchWithTag<CellMeta>(api, kept(), asker, pathOf(cell));
      if (asker !== owner()) return body;
      askedAt.set(cell, Date.now());
      failures.delete(cell);
      if (changed || !metas.has(cell)) metas.set(cell, body);
      return body;
    } catch (error) {
      if (error instanceof ApiError && asker === owner()) {
        failures.set(cell, error);
        // Without the right to enter there is nothing left to show; a cell that is away keeps its menu.
        if (error.status === 403) metas.delete(cell);
      }
      throw error;
    }
  }

  function kept(): MetadataCache {
    cache ??= new MetadataCache(useConnection().app);
    return cache;
  }

  function owner(): string {
    const who = useConnection().keeper.who;
    return `${who?.tenantId ?? "-"}/${who?.userId ?? "-"}/${language.value}`;
  }

  return { cells, loaded, metas, failures, ready, loadCells, stopped, load, refresh, entity, entityOf, clear, wipe };
});

function pathOf(cell: string): string {
  return `/api/v1/${encodeURIComponent(cell)}/_meta`;
}
