import type { ActionMeta, EntityMeta, FieldMeta } from "@superpaas/api";

import { isEnding, mainWay } from "./steps.ts";

export interface ActionChoice {
  action: ActionMeta;
  /** Whether the row's state allows it. */
  open: boolean;
  /** Labels of the states that it starts from: the reason why it is not open. */
  from: string[];
  danger: boolean;
}

/** Actions as buttons: the one that leads on along the way first, those that undo and end last. */
export function actionChoices(entity: Pick<EntityMeta, "states" | "actions">, state: string | undefined): ActionChoice[] {
  const way = mainWay(entity);
  const labels = new Map((entity.states ?? []).map((item) => [item.key, item.label]));
  const here = way.indexOf(state ?? "");
  const rank = (action: ActionMeta): number => {
    if (isDanger(entity, action, state)) return 4;
    if (action.target === null) return 2;
    const there = way.indexOf(action.target);
    if (there < here && there >= 0) return 3;
    return there === here + 1 && here >= 0 ? 0 : there > here ? 1 : 2;
  };
  return (entity.actions ?? [])
    .map((action, index) => ({ action, index, rank: rank(action) }))
    .sort((one, other) => one.rank - other.rank || one.index - other.index)
    .map(({ action }) => ({
      action,
      open: action.source === null || (state !== undefined && action.source.includes(state)),
      from: (action.source ?? []).map((key) => labels.get(key) ?? key),
      danger: isDanger(entity, action, state),
    }));
}

/** Whether an action undoes or ends: by its usual name, or because it leads back. */
function isDanger(entity: Pick<EntityMeta, "states" | "actions">, action: ActionMeta, state: string | undefined): boolean {
  if (isEnding(action.verb)) return true;
  if (action.target === null) return false;
  const keys = (entity.states ?? []).map((item) => item.key);
  return state !== undefined && keys.indexOf(action.target) < keys.indexOf(state) && action.target !== keys[0];
}

/** Whether an action can be done at once: it asks for nothing that a person must give. */
export function needsNothing(action: ActionMeta): boolean {
  return action.parameters.length === 0;
}

/**
 * Parameters that a dialog shows: approvers are chosen in their own way, and structures that an action can do without
 * are for programs.
 */
export function askedParameters(action: ActionMeta): FieldMeta[] {
  return action.parameters.filter((parameter) => !(parameter.kind === "json" && (parameter.name === "approvers" || !parameter.required)));
}

/** A document that an action has made, to go to: `{"order_id": …}` with the entity that the field's name tells. */
export function madeBy(result: unknown, entities: readonly EntityMeta[]): { entity: EntityMeta; id: string }[] {
  if (result === null || typeof result !== "object" || Array.isArray(result)) return [];
  return Object.entries(result as Record<string, unknown>).flatMap(([name, value]) => {
    if (typeof value !== "string" || !/^[0-9a-f-]{36}$/.test(value) || !name.endsWith("_id")) return [];
    const word = name.slice(0, -3);
    const entity = entities.find((item) => item.key.slice(item.key.indexOf(".") + 1) === word);
    return entity === undefined ? [] : [{ entity, id: value }];
  });
}
