import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from "vue";

import { ApiError } from "@superpaas/api";

/** What a page shows, read from the platform and kept fresh. */
export interface Resource<T> {
  data: ShallowRef<T | null>;
  /** Why the last reading failed; what was read before stays shown. */
  failure: ShallowRef<unknown>;
  busy: Ref<boolean>;
  /** When the shown data was read. */
  at: ShallowRef<Date | null>;
  /** Whether it reads again by itself. */
  live: Ref<boolean>;
  /** The page reads again by itself at all. */
  refreshes: boolean;
  load: () => Promise<void>;
}

/**
 * Read at once, then every so many seconds while the window is seen. New data takes the place of the old without an
 * empty page between; a reading that is overtaken by a newer one is dropped.
 */
export function useResource<T>(
  read: (signal: AbortSignal) => Promise<T>,
  options: { every?: number; begin?: boolean } = {},
): Resource<T> {
  const data = shallowRef<T | null>(null);
  const failure = shallowRef<unknown>(null);
  const at = shallowRef<Date | null>(null);
  const busy = ref(false);
  const live = ref(true);
  let running: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function load(): Promise<void> {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    busy.value = true;
    try {
      const found = await read(mine.signal);
      if (running !== mine) return;
      data.value = found;
      failure.value = null;
      at.value = new Date();
    } catch (error) {
      if (running !== mine || (error instanceof ApiError && error.isAborted)) return;
      failure.value = error;
    } finally {
      if (running === mine) {
        busy.value = false;
        running = null;
      }
    }
  }

  function plan(): void {
    if (options.every === undefined) return;
    timer = setTimeout(() => {
      const due = live.value && !document.hidden && running === null;
      void (due ? load() : Promise.resolve()).finally(plan);
    }, options.every * 1000);
  }

  onScopeDispose(() => {
    running?.abort();
    running = null;
    clearTimeout(timer);
    options = {};
  });
  if (options.begin !== false) void load();
  plan();
  return { data, failure, busy, at, live, refreshes: options.every !== undefined, load };
}
