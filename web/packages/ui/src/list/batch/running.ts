import { ApiError, newRequestId } from "@superpaas/api";

/** What is to be done with one row. `requestId` stays the same when it is tried again. */
export interface Task {
  key: string;
  title: string;
  requestId: string;
  run: (requestId: string) => Promise<unknown>;
}

export interface Outcome {
  task: Task;
  state: "waiting" | "done" | "refused" | "failed";
  reason: string;
  requestId: string;
}

/** As many at a time as leave room for other users' requests. */
const AT_ONCE = 4;

export function taskOf(key: string, title: string, run: (requestId: string) => Promise<unknown>): Task {
  return { key, title, requestId: newRequestId(), run };
}

/**
 * Do tasks, a few at a time, and tell of each. A refusal (4xx) is an answer; a failure (no answer, 5xx) may be tried
 * again under the same request id, so that nothing is done twice.
 */
export async function runAll(
  tasks: readonly Task[],
  words: (error: unknown) => string,
  progress: (outcomes: readonly Outcome[]) => void = () => undefined,
  stopped: () => boolean = () => false,
): Promise<Outcome[]> {
  const outcomes = tasks.map((task): Outcome => ({ task, state: "waiting", reason: "", requestId: task.requestId }));
  let next = 0;
  async function work(): Promise<void> {
    while (next < tasks.length && !stopped()) {
      const place = next;
      next += 1;
      const task = tasks[place];
      if (task === undefined) return;
      outcomes[place] = await outcomeOf(task, words);
      progress([...outcomes]);
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, tasks.length) }, work));
  return outcomes;
}

async function outcomeOf(task: Task, words: (error: unknown) => string): Promise<Outcome> {
  try {
    await task.run(task.requestId);
    return { task, state: "done", reason: "", requestId: task.requestId };
  } catch (error) {
    const refused = error instanceof ApiError && error.status >= 400 && error.status < 500;
    const requestId = error instanceof ApiError && error.requestId !== "" ? error.requestId : task.requestId;
    return { task, state: refused ? "refused" : "failed", reason: withProblems(error, words), requestId };
  }
}

/** The service's words, and what of the values is wrong. */
function withProblems(error: unknown, words: (error: unknown) => string): string {
  const problems = error instanceof ApiError ? error.problems.map((item) => item.message) : [];
  return problems.length === 0 ? words(error) : [...new Set(problems)].join("；");
}

/** Those that are tried once more. A refused one gets a new id: the same request would only be refused again. */
export function againTasks(outcomes: readonly Outcome[]): Task[] {
  return outcomes
    .filter((outcome) => outcome.state === "failed" || outcome.state === "refused")
    .map(({ task, state }) => (state === "refused" ? { ...task, requestId: newRequestId() } : task));
}

export interface Tally {
  done: number;
  refused: number;
  failed: number;
  waiting: number;
}

export function tallyOf(outcomes: readonly Outcome[]): Tally {
  const tally: Tally = { done: 0, refused: 0, failed: 0, waiting: 0 };
  for (const { state } of outcomes) tally[state] += 1;
  return tally;
}
