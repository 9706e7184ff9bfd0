import { computed, onScopeDispose, shallowRef } from "vue";

import { tellError } from "../feedback/index.ts";
import type { ImportRequests } from "./requests.ts";
import { isRunning, stepOf, type Step } from "./rules.ts";
import type { Choice, ImportDetail } from "./types.ts";

const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 3000;

/** One import of the wizard: what is known of it, followed while its job goes on. */
export function useImport(requests: ImportRequests) {
  const detail = shallowRef<ImportDetail | null>(null);
  const busy = shallowRef(false);
  /** The step that a person has gone back to, before the one where the import stands. */
  const back = shallowRef<Step | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = FIRST_PAUSE_MS;
  let sending: AbortController | null = null;

  const step = computed<Step>(() => back.value ?? stepOf(detail.value));
  const running = computed(() => isRunning(detail.value?.job ?? null));

  onScopeDispose(() => {
    clearTimeout(timer);
    sending?.abort();
  });

  function take(found: ImportDetail): void {
    detail.value = found;
    clearTimeout(timer);
    if (!isRunning(found.job)) {
      pause = FIRST_PAUSE_MS;
      return;
    }
    timer = setTimeout(() => void follow(found.id), pause);
    pause = Math.min(LONGEST_PAUSE_MS, pause * 1.5);
  }

  async function follow(id: string): Promise<void> {
    try {
      take(await requests.read(id));
    } catch (error) {
      tellError(error);
      // The job goes on without us; look again later.
      timer = setTimeout(() => void follow(id), LONGEST_PAUSE_MS);
    }
  }

  /** One request after another; what fails is told, and the wizard stays where it is. */
  async function run(work: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    try {
      await work();
      return true;
    } catch (error) {
      tellError(error);
      return false;
    } finally {
      busy.value = false;
    }
  }

  function upload(file: File, encoding: string): Promise<boolean> {
    return run(async () => {
      sending = new AbortController();
      take(await requests.upload(file, encoding, sending.signal));
      back.value = null;
    });
  }

  function open(id: string): Promise<boolean> {
    return run(async () => {
      take(await requests.read(id));
      back.value = null;
    });
  }

  function change(choice: Choice): Promise<boolean> {
    const now = detail.value;
    if (now === null) return Promise.resolve(false);
    return run(async () => {
      take(await requests.change(now.id, choice));
    });
  }

  function start(verb: "check" | "commit" | "undo"): Promise<boolean> {
    const now = detail.value;
    if (now === null) return Promise.resolve(false);
    return run(async () => {
      await requests.start(now.id, verb);
      back.value = null;
      pause = FIRST_PAUSE_MS;
      take(await requests.read(now.id));
    });
  }

  function cancel(): Promise<boolean> {
    const now = detail.value;
    if (now === null) return Promise.resolve(false);
    return run(async () => {
      await requests.cancel(now.id);
      take(await requests.read(now.id));
    });
  }

  /** Another file. */
  function restart(): void {
    clearTimeout(timer);
    sending?.abort();
    detail.value = null;
    back.value = null;
  }

  function goBack(to: Step): void {
    back.value = to;
  }

  return { detail, busy, step, running, upload, open, change, start, cancel, restart, goBack };
}

export type ImportState = ReturnType<typeof useImport>;
