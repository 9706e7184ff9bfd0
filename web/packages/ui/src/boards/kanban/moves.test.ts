import { describe, expect, it } from "vitest";

import type { ActionMeta, DocumentRow, EntityMeta, FieldMeta } from "@superpaas/api";

import { columnsOf, moveOf } from "./moves.ts";

function action(verb: string, source: string[] | null, target: string | null, parameters: Partial<FieldMeta>[] = []): ActionMeta {
  return { verb, label: verb, source, target, confirm: null, parameters: parameters as FieldMeta[] };
}

const ENTITY = {
  kind: "document",
  permissions: ["read", "update"],
  states: [
    { key: "open", label: "进行中", editable: true, deletable: true },
    { key: "won", label: "赢单", editable: false, deletable: false },
    { key: "lost", label: "丢单", editable: false, deletable: false },
  ],
  actions: [
    action("move", ["open"], null, [{ name: "stage_id", required: true }]),
    action("win", ["open"], "won"),
    action("lose", ["open"], "lost", [{ name: "lost_reason", required: true }]),
  ],
} as unknown as EntityMeta;
const STATE = { name: "state", kind: "choice", readonly: true } as FieldMeta;
const STAGE = { name: "stage_id", kind: "reference", readonly: true } as FieldMeta;
const LEVEL = { name: "level", kind: "choice", readonly: false, required: true } as FieldMeta;
const row = (values: Record<string, unknown>) => ({ id: "1", version: 1, state: "open", ...values }) as DocumentRow;

describe("moving a card", () => {
  it("into a state is the action that leads there", () => {
    expect(moveOf(ENTITY, STATE, row({}), "won")).toMatchObject({ kind: "action", action: { verb: "win" }, asks: false });
    expect(moveOf(ENTITY, STATE, row({}), "lost")).toMatchObject({ kind: "action", action: { verb: "lose" }, asks: true });
    expect(moveOf(ENTITY, STATE, row({ state: "won" }), "lost")).toEqual({ kind: "refused", reason: "no-action" });
    expect(moveOf(ENTITY, STATE, row({}), "open")).toEqual({ kind: "refused", reason: "same" });
  });

  it("to another value is the action that asks for just that value", () => {
    expect(moveOf(ENTITY, STAGE, row({ stage_id: "a" }), "b")).toMatchObject({
      kind: "action",
      action: { verb: "move" },
      parameters: { stage_id: "b" },
      asks: false,
    });
    expect(moveOf(ENTITY, STAGE, row({ stage_id: "a", state: "won" }), "b")).toEqual({ kind: "refused", reason: "readonly" });
  });

  it("is a change where the field may be changed, in states that let it", () => {
    expect(moveOf(ENTITY, LEVEL, row({ level: "a" }), "b")).toEqual({ kind: "change", values: { level: "b" } });
    expect(moveOf(ENTITY, LEVEL, row({ level: "a", state: "won" }), "b")).toEqual({ kind: "refused", reason: "locked" });
    expect(moveOf(ENTITY, LEVEL, row({ level: "a" }), null)).toEqual({ kind: "refused", reason: "readonly" });
    expect(moveOf({ ...ENTITY, permissions: ["read"] }, LEVEL, row({ level: "a" }), "b")).toEqual({ kind: "refused", reason: "locked" });
  });
});

describe("columns", () => {
  it("stand in their own order, with those besides at the end", () => {
    const group = (key: string | null, count: number) => ({ key: [key], labels: [key], count, sums: {}, filter: { x: 1 } });
    const columns = columnsOf(LEVEL, [{ key: "b", label: "B" }, { key: "a", label: "A" }], [group("a", 2), group(null, 1)], "无");
    expect(columns.map(({ key, label, count }) => [key, label, count])).toEqual([["b", "B", 0], ["a", "A", 2], [null, "无", 1]]);
    expect(columns[0]?.filter).toEqual({ level: { eq: "b" } });
  });
});
