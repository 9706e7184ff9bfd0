import { ref, shallowRef, type Ref } from "vue";
import { useI18n } from "vue-i18n";

import { actionsFor, isDeletable, titleOf, useApi, type ActionMeta, type DocumentRow, type EntityMeta, type Row } from "@superpaas/api";

import { ask, tell, wordsOf } from "../../feedback/index.ts";
import { runAll, taskOf, type Outcome, type Task } from "./running.ts";

export interface Batch {
  title: Ref<string>;
  outcomes: Ref<readonly Outcome[]>;
  running: Ref<boolean>;
  shown: Ref<boolean>;
  /** The action whose parameters are asked for. */
  asking: Ref<{ action: ActionMeta; rows: Row[]; left: number } | null>;
  begin: (action: ActionMeta, rows: readonly Row[]) => void;
  runAction: (values: Record<string, unknown>) => Promise<void>;
  remove: (rows: readonly Row[]) => Promise<void>;
  run: (title: string, tasks: readonly Task[]) => Promise<void>;
  stop: () => void;
}

/** Doing one thing with many rows, with a report of each. */
export function useBatch(entity: EntityMeta, done: (outcomes: readonly Outcome[]) => Promise<void>): Batch {
  const { t } = useI18n();
  const title = ref("");
  const outcomes = shallowRef<readonly Outcome[]>([]);
  const running = ref(false);
  const shown = ref(false);
  const asking = shallowRef<{ action: ActionMeta; rows: Row[]; left: number } | null>(null);
  let stopped = false;

  function begin(action: ActionMeta, rows: readonly Row[]): void {
    const able = rows.filter((row) => actionsFor(entity, row as DocumentRow).some((item) => item.verb === action.verb));
    if (able.length === 0) tell(t("list.batch.nothing", { action: action.label }), "warning");
    else asking.value = { action, rows: able, left: rows.length - able.length };
  }

  async function runAction(values: Record<string, unknown>): Promise<void> {
    const given = asking.value;
    if (given === null) return;
    asking.value = null;
    const { action, rows } = given;
    const tasks = rows.map((row) =>
      taskOf(row.id, titleOf(entity, row), (requestId) =>
        useApi().post(`${entity.path}/${encodeURIComponent(row.id)}/${action.verb}`, { ...values, version: row["version"] }, { requestId }),
      ),
    );
    await run(action.label, tasks);
  }

  async function remove(rows: readonly Row[]): Promise<void> {
    const able = rows.filter((row) => isDeletable(entity, row as DocumentRow));
    const left = rows.length - able.length;
    if (able.length === 0) {
      tell(t("list.batch.nothing", { action: t("list.remove.label") }), "warning");
      return;
    }
    const consequences = [t("list.remove.consequence"), ...(left > 0 ? [t("list.remove.refused", { count: left })] : [])];
    const sure = await ask({
      title: t("list.remove.title", { count: able.length, name: entity.label }),
      consequences,
      confirm: t("list.remove.label"),
      danger: true,
    });
    if (!sure) return;
    const tasks = able.map((row) =>
      taskOf(row.id, titleOf(entity, row), (requestId) =>
        useApi().delete(`${entity.path}/${encodeURIComponent(row.id)}`, { requestId, query: { version: row["version"] as number } }),
      ),
    );
    await run(t("list.remove.label"), tasks);
  }

  async function run(name: string, tasks: readonly Task[]): Promise<void> {
    title.value = t("list.batch.title", { action: name, count: tasks.length });
    stopped = false;
    running.value = true;
    outcomes.value = [];
    // Quick ones need no window that comes and goes.
    const opening = setTimeout(() => { shown.value = true; }, 400);
    const found = await runAll(tasks, wordsOf, (progress) => { outcomes.value = progress; }, () => stopped);
    clearTimeout(opening);
    outcomes.value = found.map((outcome) => (outcome.state === "waiting" ? { ...outcome, state: "failed" as const, reason: t("list.batch.stopped") } : outcome));
    running.value = false;
    if (outcomes.value.every((outcome) => outcome.state === "done")) {
      shown.value = false;
      tell(t("list.batch.allDone", { action: name, count: tasks.length }));
    } else shown.value = true;
    await done(outcomes.value);
  }

  return { title, outcomes, running, shown, asking, begin, runAction, remove, run, stop: () => { stopped = true; } };
}
