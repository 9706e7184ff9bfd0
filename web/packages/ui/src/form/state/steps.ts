import type { EntityMeta, StateMeta } from "@superpaas/api";

export interface Step extends StateMeta {
  status: "done" | "current" | "coming";
}

/**
 * The states as a way: those of the longest straight way through the actions, in declared order, and the row's own
 * state beside them where it is an ending apart (cancelled, rejected).
 */
export function stepsOf(entity: Pick<EntityMeta, "states" | "actions">, state: string | undefined): Step[] {
  const states = entity.states ?? [];
  const main = mainWay(entity);
  state ??= states[0]?.key;
  const here = states.findIndex((item) => item.key === state);
  const onWay = main.includes(state ?? "");
  const shown = states.filter((item) => main.includes(item.key) || item.key === state);
  const steps = shown.map((item): Step => {
    const at = states.indexOf(item);
    if (item.key === state) return { ...item, status: "current" };
    // Off the way nothing is known of how far the document had come but that it had begun.
    const done = onWay ? at < here : at === 0;
    return { ...item, status: done ? "done" : "coming" };
  });
  // A new document has no state yet: the whole way lies before it. What has ended apart has no way left.
  return onWay || here < 0 ? steps : steps.filter((item) => item.status !== "coming");
}

const ENDINGS = new Set([
  "cancel", "void", "reverse", "reject", "withdraw", "terminate", "lose", "invalidate", "expire",
  "short-close", "disable", "decline", "discard-plans",
]);

/** Whether an action undoes or ends a document, by its usual name: its target is no step of the way. */
export function isEnding(verb: string): boolean {
  return ENDINGS.has(verb);
}

/** States on the longest way that only goes forward in the declared order. Actions without a target lead to the next. */
export function mainWay(entity: Pick<EntityMeta, "states" | "actions">): string[] {
  const states = entity.states ?? [];
  const keys = states.map((item) => item.key);
  const [first] = keys;
  if (first === undefined) return [];
  const edges = new Map<string, Set<string>>();
  const reached = new Set<string>([first]);
  for (const action of entity.actions ?? []) {
    const { source, target } = action;
    if (target === null) continue;
    reached.add(target);
    if (isEnding(action.verb)) continue;
    for (const from of source ?? keys) {
      if (keys.indexOf(target) > keys.indexOf(from)) (edges.get(from) ?? edges.set(from, new Set()).get(from))?.add(target);
    }
  }
  // States that no action leads to are reached by the service itself (shipped, paid): they come after the one before.
  keys.forEach((key, index) => {
    const before = keys[index - 1];
    if (before !== undefined && !reached.has(key)) (edges.get(before) ?? edges.set(before, new Set()).get(before))?.add(key);
  });
  const longest = new Map<string, string[]>();
  for (const key of [...keys].reverse()) {
    let best: string[] = [];
    for (const next of edges.get(key) ?? []) {
      const way = longest.get(next) ?? [];
      // Of two ways of one length the one that comes first in the declaration is the usual one.
      if (way.length > best.length || (way.length === best.length && earlier(keys, way, best))) best = way;
    }
    longest.set(key, [key, ...best]);
  }
  return longest.get(first) ?? [first];
}

function earlier(keys: readonly string[], one: readonly string[], other: readonly string[]): boolean {
  return keys.indexOf(one[0] ?? "") < keys.indexOf(other[0] ?? "");
}
