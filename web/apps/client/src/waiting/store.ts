import { defineStore } from "pinia";
import { computed, shallowReactive } from "vue";

import { useApi } from "@superpaas/api";

import { enteredCells } from "../joining/cells.ts";

export interface ApprovalCounts {
  todo: number;
  overdue: number;
  cc_unseen: number;
  started_running: number;
}

export interface NoticeCounts {
  unread: number;
  must_read: number;
  capped: boolean;
}

/** How often the numbers in the menu are asked for. */
export const EVERY_MS = 45_000;

/** What waits for the user in each cell: the numbers in menu, home page and inbox. */
export const useWaiting = defineStore("waiting", () => {
  const approvals = shallowReactive(new Map<string, ApprovalCounts>());
  const notices = shallowReactive(new Map<string, NoticeCounts>());

  const todo = computed(() => sum(approvals, (counts) => counts.todo));
  const overdue = computed(() => sum(approvals, (counts) => counts.overdue));
  const copies = computed(() => sum(approvals, (counts) => counts.cc_unseen));
  const running = computed(() => sum(approvals, (counts) => counts.started_running));
  const unread = computed(() => sum(notices, (counts) => counts.unread));
  const mustRead = computed(() => sum(notices, (counts) => counts.must_read));

  /** Ask all cells; one that does not answer keeps no old number, because nothing there can be done now. */
  async function refresh(): Promise<void> {
    const api = useApi();
    const cells = await enteredCells();
    const names = new Set(cells.map((cell) => cell.cell));
    for (const kept of [approvals, notices]) for (const name of kept.keys()) if (!names.has(name)) kept.delete(name);
    const asked = cells.flatMap(({ cell, approval, notifications }) => [
      approval === undefined ? null : take(approvals, cell, api.get<ApprovalCounts>(`${approval.path}/counts`)),
      notifications === undefined
        ? null
        : take(notices, cell, api.get<NoticeCounts>(`${notifications.inbox}/unread-count`)),
    ]);
    await Promise.all(asked);
  }

  function clear(): void {
    approvals.clear();
    notices.clear();
  }

  return { approvals, notices, todo, overdue, copies, running, unread, mustRead, refresh, clear };
});

async function take<T>(into: Map<string, T>, cell: string, answer: Promise<T>): Promise<void> {
  try {
    into.set(cell, await answer);
  } catch {
    into.delete(cell);
  }
}

function sum<T>(counts: Map<string, T>, number: (one: T) => number): number {
  return [...counts.values()].reduce((total, one) => total + number(one), 0);
}
