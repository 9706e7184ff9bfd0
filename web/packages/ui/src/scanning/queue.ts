import Dexie, { type Table } from "dexie";
import { computed, shallowRef } from "vue";

import { newRequestId } from "@superpaas/api";

import { isPassing, type Job, type Sent } from "./work.ts";

/** What has been done stays to look at, this many. */
const KEPT_DONE = 50;
const FIRST_PAUSE_MS = 3_000;
const LONGEST_PAUSE_MS = 60_000;

class Jobs extends Dexie {
  readonly jobs!: Table<Job, string>;

  /** One for each user: the next one at the same machine neither sees nor sends what another has scanned. */
  constructor(app: string, owner: string) {
    // "kept": it outlives the session. Work that was counted by hand must not be lost with a token.
    super(`superpaas-${app}-kept-scans-${owner}`);
    this.version(1).stores({ jobs: "id, state, at" });
  }
}

export interface QueueOptions {
  app: string;
  owner: string;
  send: (job: Job) => Promise<Sent>;
  /** Told of each that has come to its end. */
  onEnd?: (job: Job) => void;
  locks?: Pick<LockManager, "request"> | undefined;
}

/**
 * Work that was scanned, sent in the order it was done; what cannot be sent now waits on the disk. Each keeps its
 * request id over all attempts and restarts, so the service acts on it once.
 */
export function openQueue(options: QueueOptions) {
  const store = new Jobs(options.app, options.owner);
  const jobs = shallowRef<Job[]>([]);
  const waiting = shallowRef(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = FIRST_PAUSE_MS;
  let running: Promise<void> | null = null;
  let closed = false;

  const open = computed(() => jobs.value.filter((job) => job.state === "queued" || job.state === "sending"));
  const refused = computed(() => jobs.value.filter((job) => job.state === "refused"));
  const done = computed(() => jobs.value.filter((job) => job.state === "done").reverse());

  async function show(): Promise<void> {
    jobs.value = await store.jobs.orderBy("at").toArray();
  }

  async function begin(): Promise<void> {
    // A page that was closed while it sent: nobody knows whether it was acted on, and asking again is safe.
    await store.jobs.where("state").equals("sending").modify({ state: "queued" });
    await show();
    void run();
  }

  async function add(job: Omit<Job, "id" | "at" | "state" | "tries" | "reason" | "requestId">): Promise<Job> {
    const made: Job = {
      ...job,
      id: newRequestId(),
      at: new Date().toISOString(),
      state: "queued",
      tries: 0,
      reason: null,
      requestId: null,
    };
    await store.jobs.put(made);
    await show();
    pause = FIRST_PAUSE_MS;
    void run();
    return made;
  }

  /** Send what waits, one after the other; one tab at a time where the browser has locks. */
  function run(): Promise<void> {
    clearTimeout(timer);
    running ??= locked(work).finally(() => {
      running = null;
    });
    return running;
  }

  async function locked(task: () => Promise<void>): Promise<void> {
    if (options.locks === undefined) await task();
    else await options.locks.request(`superpaas-scans-${options.owner}`, task);
  }

  async function work(): Promise<void> {
    for (;;) {
      const [next] = await store.jobs.where("state").equals("queued").sortBy("at");
      if (next === undefined || closed) break;
      await change(next.id, { state: "sending", tries: next.tries + 1 });
      try {
        const sent = await options.send(next);
        await change(next.id, sent);
        options.onEnd?.({ ...next, ...sent });
        pause = FIRST_PAUSE_MS;
        waiting.value = false;
      } catch (error) {
        await change(next.id, { state: "queued" });
        waiting.value = true;
        if (!isPassing(error)) throw error;
        later();
        return;
      }
    }
    await tidy();
  }

  function later(): void {
    if (closed) return;
    timer = setTimeout(() => void run(), pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }

  async function change(id: string, to: Partial<Job>): Promise<void> {
    await store.jobs.update(id, to);
    await show();
  }

  /** Try a refused one again, perhaps with other parameters: a new piece of work, with an id of its own. */
  async function again(job: Job, parameters: Record<string, unknown> = job.parameters, shown = job.shown): Promise<Job> {
    await store.jobs.delete(job.id);
    return add({ ...pick(job), parameters, shown });
  }

  async function discard(job: Job): Promise<void> {
    await store.jobs.delete(job.id);
    await show();
  }

  async function tidy(): Promise<void> {
    const old = (await store.jobs.where("state").equals("done").sortBy("at")).slice(0, -KEPT_DONE);
    if (old.length === 0) return;
    await store.jobs.bulkDelete(old.map((job) => job.id));
    await show();
  }

  function close(): void {
    closed = true;
    clearTimeout(timer);
  }

  return { jobs, open, refused, done, waiting, begin, add, run, again, discard, close };
}

export type ScanQueue = ReturnType<typeof openQueue>;

function pick(job: Job): Omit<Job, "id" | "at" | "state" | "tries" | "reason" | "requestId"> {
  const { cell, entity, row, code, title, settings, parameters, shown } = job;
  return { cell, entity, row, code, title, settings, parameters, shown };
}
