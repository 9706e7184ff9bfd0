import { computed, ref, shallowRef } from "vue";

import { useMetadata, type CellMeta } from "@superpaas/api";
import { tellError } from "@superpaas/ui/feedback";

import { enteredCells } from "../../joining/cells.ts";
import type { Joined } from "../../joining/joined.ts";
import { useWaiting } from "../../waiting/store.ts";
import { isJudged, keyOf, openBox, type Approval, type BoxQuery } from "./approvals.ts";
import { decide, decideAll, type Report, type Verdict } from "./deciding.ts";

const PAGE = 30;

/** The state of the inbox page: what is shown, what is chosen, and deciding it. */
export function useInbox(query: () => BoxQuery) {
  const metadata = useMetadata();
  const waiting = useWaiting();
  const cells = shallowRef<CellMeta[]>([]);
  const items = shallowRef<Approval[]>([]);
  const failures = shallowRef<ReadonlyMap<string, unknown>>(new Map());
  const selected = ref(new Set<string>());
  const loading = ref(true);
  const more = ref(false);
  let joined: Joined<Approval> | null = null;
  let round = 0;

  const chosen = computed(() => items.value.filter((item) => selected.value.has(keyOf(item))));
  const choosable = computed(() => items.value.filter(isJudged));

  /** Ask the cells anew. `quiet` keeps what is shown until the answer is there. */
  async function load(quiet = false): Promise<void> {
    round += 1;
    const mine = round;
    if (!quiet) {
      loading.value = true;
      items.value = [];
      selected.value = new Set();
    }
    try {
      const found = await enteredCells();
      if (mine !== round) return;
      cells.value = found;
      const opened = openBox(found, query());
      const first = await opened.more(quiet ? Math.max(PAGE, items.value.length) : PAGE);
      if (mine !== round) return;
      joined = opened;
      take(first, opened);
    } catch (error) {
      if (mine === round) tellError(error);
    } finally {
      if (mine === round) loading.value = false;
    }
  }

  async function loadMore(): Promise<void> {
    const opened = joined;
    if (opened === null || loading.value || opened.complete) return;
    loading.value = true;
    try {
      const following = await opened.more(PAGE);
      if (opened === joined) take([...items.value, ...following], opened);
    } finally {
      loading.value = false;
    }
  }

  function take(found: Approval[], opened: Joined<Approval>): void {
    items.value = found;
    more.value = !opened.complete;
    // Cells whose metadata cannot be had are as absent as those whose inbox fails.
    failures.value = new Map<string, unknown>([...metadata.failures, ...opened.failures]);
    const shown = new Set(found.map(keyOf));
    selected.value = new Set([...selected.value].filter((key) => shown.has(key)));
  }

  function select(item: Approval, on: boolean): void {
    const kept = new Set(selected.value);
    if (on) kept.add(keyOf(item));
    else kept.delete(keyOf(item));
    selected.value = kept;
  }

  function selectAll(on: boolean): void {
    selected.value = new Set(on ? choosable.value.map(keyOf) : []);
  }

  /** Decide some rows; what is done leaves the list at once, what was refused stays and is named in the report. */
  async function judge(
    wanted: readonly Approval[],
    verdict: Verdict,
    comment: string,
    onProgress: (done: number) => void,
  ): Promise<Report> {
    const report = await decideAll(wanted, verdict, comment, onProgress, decide);
    const gone = new Set(report.done.map(keyOf));
    items.value = items.value.filter((item) => !gone.has(keyOf(item)));
    selected.value = new Set([...selected.value].filter((key) => !gone.has(key)));
    void waiting.refresh();
    // Another step of the same document may be this person's too, and what was refused may have changed.
    await load(true);
    return report;
  }

  return { cells, items, failures, selected, chosen, choosable, loading, more, load, loadMore, select, selectAll, judge };
}
