import type { ApiClient } from "@superpaas/api";

import type { OfCell } from "../../running/cells.ts";
import type { TwoLabels } from "../../running/words.ts";

export interface Letter {
  event_id: string;
  subscriber: string;
  partition_key: string;
  attempts: number;
  last_error: string | null;
  failed_at: string;
  type: string;
  subject: string;
  created_at: string;
  event: unknown;
}

export interface Counts {
  unrouted: number;
  pending: number;
  retrying: number;
  dead: number;
  oldest: string | null;
}

export interface Outbox {
  counts: Counts;
  letters: Letter[];
  more: boolean;
}

export interface CellLetter extends Letter {
  key: string;
  cell: string;
  label: TwoLabels;
}

const SHOWN = 50;

export async function readOutbox(api: ApiClient, cell: string): Promise<Outbox> {
  const base = `/api/v1/${cell}/_outbox`;
  const [counts, letters] = await Promise.all([
    api.get<Counts>(base),
    api.get<{ items: Letter[]; next: string | null }>(`${base}/dead-letters`, { query: { limit: SHOWN } }),
  ]);
  return { counts, letters: letters.items, more: letters.next !== null };
}

/** The letters of all cells, the latest given up first. */
export function lettersOf(answers: readonly OfCell<Outbox>[]): CellLetter[] {
  return answers
    .flatMap(({ cell, label, value }) =>
      (value?.letters ?? []).map((letter) => ({ ...letter, cell, label, key: `${cell}/${letter.event_id}/${letter.subscriber}` })),
    )
    .sort((one, other) => other.failed_at.localeCompare(one.failed_at));
}

export interface Outcome {
  letter: CellLetter;
  failure: unknown;
}

/** Replay or discard one after the other, in the order in which they happened: events of one subject build on each other. */
export async function settle(
  api: ApiClient,
  letters: readonly CellLetter[],
  verb: "replay" | "discard",
  reason: string,
): Promise<Outcome[]> {
  const ordered = [...letters].sort((one, other) => one.created_at.localeCompare(other.created_at));
  const outcomes: Outcome[] = [];
  for (const letter of ordered) {
    const path = `/api/v1/${letter.cell}/_outbox/dead-letters/${letter.event_id}/${encodeURIComponent(letter.subscriber)}/${verb}`;
    try {
      await api.post(path, reason === "" ? {} : { reason });
      outcomes.push({ letter, failure: null });
    } catch (failure) {
      outcomes.push({ letter, failure });
    }
  }
  return outcomes;
}
