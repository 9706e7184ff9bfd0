import { newRequestId, useApi, type ApiClient } from "@superpaas/api";

import { approvalPath, type Approval } from "./approvals.ts";

export type Verdict = "approve" | "reject";

/** What became of one row of a batch. */
export interface Outcome {
  item: Approval;
  error: unknown;
}

export interface Report {
  verdict: Verdict;
  comment: string;
  done: Approval[];
  failed: Outcome[];
}

/** How many decisions are under way at once: quick for twenty rows, and no storm. */
const AT_ONCE = 4;

/**
 * Decide one task. The version is the one that was on the screen: what somebody else has changed meanwhile has to be
 * looked at first.
 */
export async function decide(
  item: Approval,
  verdict: Verdict,
  comment: string,
  options: { api?: ApiClient; requestId?: string } = {},
): Promise<void> {
  const body = { comment: comment.trim() === "" ? null : comment.trim(), task: item.task, version: item.version };
  await (options.api ?? useApi()).post(`${approvalPath(undefined, item)}/${verdict}`, body, {
    requestId: options.requestId ?? newRequestId(),
  });
}

/** Decide several; one that is refused leaves the others done, and the report says which and why. */
export async function decideAll(
  items: readonly Approval[],
  verdict: Verdict,
  comment: string,
  onProgress: (done: number) => void = () => undefined,
  one: typeof decide = decide,
): Promise<Report> {
  const report: Report = { verdict, comment, done: [], failed: [] };
  const queue = [...items];
  let finished = 0;
  async function worker(): Promise<void> {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      try {
        await one(item, verdict, comment);
        report.done.push(item);
      } catch (error) {
        report.failed.push({ item, error });
      }
      finished += 1;
      onProgress(finished);
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  return report;
}
