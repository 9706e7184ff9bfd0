import type { ApiClient } from "@superpaas/api";
import type { Tone } from "@superpaas/ui/fields";

import type { OfCell } from "../../running/cells.ts";
import type { TwoLabels } from "../../running/words.ts";

export const STATES = ["waiting", "running", "succeeded", "failed", "cancelled"] as const;
export type JobState = (typeof STATES)[number];

export interface Job {
  id: string;
  name: string;
  label: string;
  state: JobState;
  state_label: string;
  schedule: string | null;
  result: unknown;
  error: { code: string; message: string } | null;
  attempts: number;
  failures: number;
  progress: { done: number | null; total: number | null; note: string | null };
  asked_by: string | null;
  created_at: string;
  run_at: string;
  started_at: string | null;
  finished_at: string | null;
  cancel_asked_at: string | null;
}

export interface Schedule {
  name: string;
  label: string;
  enabled: boolean;
  cron: string;
  time_zone: string;
  changed: boolean;
  next_at: string | null;
  last_at: string | null;
  last_job_id: string | null;
}

export interface CellJobs {
  jobs: Job[];
  schedules: Schedule[];
  more: boolean;
}

export type OfACell<T> = T & { cell: string; cellLabel: TwoLabels; key: string };

export const TONES: Record<JobState, Tone> = { waiting: "grey", running: "blue", succeeded: "green", failed: "red", cancelled: "grey" };
const SHOWN = 50;

export async function readJobs(api: ApiClient, cell: string, state: string): Promise<CellJobs> {
  const base = `/api/v1/${cell}/_jobs`;
  const [jobs, schedules] = await Promise.all([
    api.get<{ items: Job[]; next: string | null }>(base, { query: { limit: SHOWN, state } }),
    api.get<{ items: Schedule[] }>(`${base}/schedules`),
  ]);
  return { jobs: jobs.items, schedules: schedules.items, more: jobs.next !== null };
}

/** The runs of all cells, the newest first; `only` keeps one cell's. */
export function jobsOf(answers: readonly OfCell<CellJobs>[], only: string): OfACell<Job>[] {
  return flat(answers, only, (value) => value.jobs, (job) => job.id).sort((one, other) => other.created_at.localeCompare(one.created_at));
}

export function schedulesOf(answers: readonly OfCell<CellJobs>[], only: string): OfACell<Schedule>[] {
  return flat(answers, only, (value) => value.schedules, (schedule) => schedule.name);
}

function flat<T>(answers: readonly OfCell<CellJobs>[], only: string, read: (value: CellJobs) => T[], id: (item: T) => string): OfACell<T>[] {
  return answers
    .filter((item) => only === "" || item.cell === only)
    .flatMap(({ cell, label, value }) => (value === null ? [] : read(value).map((item) => ({ ...item, cell, cellLabel: label, key: `${cell}/${id(item)}` }))));
}

/** How far a job is, in per cent; `null` where it does not say. */
export function percentOf(job: Pick<Job, "progress" | "state">): number | null {
  const { done, total } = job.progress;
  if (job.state === "succeeded") return 100;
  if (done === null || total === null || total <= 0) return null;
  return Math.min(100, Math.floor((done / total) * 100));
}

/** How long it ran, or has been running, in seconds. */
export function tookOf(job: Pick<Job, "started_at" | "finished_at">, now: number): number | null {
  if (job.started_at === null) return null;
  const end = job.finished_at === null ? now : Date.parse(job.finished_at);
  return Math.max(0, (end - Date.parse(job.started_at)) / 1000);
}

export function mayCancel(job: Pick<Job, "state" | "cancel_asked_at">): boolean {
  return (job.state === "waiting" || job.state === "running") && job.cancel_asked_at === null;
}

export function mayRetry(job: Pick<Job, "state">): boolean {
  return job.state === "failed" || job.state === "cancelled";
}

/** Five fields, as the cells read them; the service has the last word. */
export function isCron(text: string): boolean {
  const fields = text.trim().split(/\s+/);
  return fields.length === 5 && fields.every((field) => /^[\d*,/\-A-Za-z]+$/.test(field));
}
