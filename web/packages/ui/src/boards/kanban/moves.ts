import { actionsFor, isEditable, type ActionMeta, type DocumentRow, type EntityMeta, type FieldMeta } from "@superpaas/api";

/** How a card comes into another column, if it may. */
export type Move =
  | { kind: "action"; action: ActionMeta; parameters: Record<string, unknown>; asks: boolean }
  | { kind: "change"; values: Record<string, unknown> }
  | { kind: "refused"; reason: "same" | "no-action" | "readonly" | "locked" };

/**
 * What dropping a card into the column `key` of the field `by` means: a state is reached by the action that leads to
 * it; another field by the action that asks for just that field (an opportunity's stage), else by changing it.
 */
export function moveOf(entity: EntityMeta, by: FieldMeta, row: DocumentRow, key: unknown): Move {
  if ((row[by.name] ?? null) === key) return { kind: "refused", reason: "same" };
  const possible = actionsFor(entity, row);
  if (by.name === "state") {
    const action = possible.find((item) => item.target === key && !needs(item)) ?? possible.find((item) => item.target === key);
    if (action === undefined) return { kind: "refused", reason: "no-action" };
    return { kind: "action", action, parameters: {}, asks: asks(action, []) };
  }
  const leading = possible.find((item) => item.parameters.some((one) => one.name === by.name) && required(item).every((name) => name === by.name));
  if (leading !== undefined && key !== null) {
    return { kind: "action", action: leading, parameters: { [by.name]: key }, asks: asks(leading, [by.name]) };
  }
  if (by.readonly) return { kind: "refused", reason: "readonly" };
  if (!isEditable(entity, row)) return { kind: "refused", reason: "locked" };
  if (by.required && key === null) return { kind: "refused", reason: "readonly" };
  return { kind: "change", values: { [by.name]: key } };
}

/** Whether a person has to say something first: a value that must be given, or a yes. */
function asks(action: ActionMeta, given: readonly string[]): boolean {
  return action.confirm !== null || required(action).some((name) => !given.includes(name));
}

function needs(action: ActionMeta): boolean {
  return required(action).length > 0;
}

function required(action: ActionMeta): string[] {
  return action.parameters.filter((item) => item.required).map((item) => item.name);
}

/** A column of the board. */
export interface Column {
  key: unknown;
  label: string;
  count: number;
  sums: Record<string, string>;
  filter: Record<string, unknown>;
}

interface Group {
  key: unknown[];
  labels: (string | null)[];
  count: number;
  sums: Record<string, string>;
  filter: Record<string, unknown>;
}

/** The columns: those that there can be in their own order, then those that rows have besides. */
export function columnsOf(by: FieldMeta, known: readonly { key: unknown; label: string }[], groups: readonly Group[], none: string): Column[] {
  const found = new Map<unknown, Group>(groups.map((group) => [group.key[0] ?? null, group]));
  const columns = known.map(({ key, label }): Column => {
    const group = found.get(key);
    found.delete(key);
    const filter = group?.filter ?? { [by.name]: { eq: key } };
    return { key, label, count: group?.count ?? 0, sums: group?.sums ?? {}, filter };
  });
  const others = [...found].map(([key, group]): Column => ({
    key,
    label: group.labels[0] ?? (key === null ? none : String(key as string | number | boolean)),
    count: group.count,
    sums: group.sums,
    filter: group.filter,
  }));
  return [...columns, ...others];
}
