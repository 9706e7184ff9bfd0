import { describe, expect, it } from "vitest";

import type { EntityMeta, FieldKind, FieldMeta } from "@superpaas/api";

import { countOf, differencesOf } from "./differences.ts";
import { joined, type Comment, type HistoryEntry } from "./entries.ts";
import { piecesOf, written } from "./mentions.ts";

const field = (name: string, kind: FieldKind): FieldMeta => ({ name, kind, label: name, required: false, readonly: false, list: false, search: false, index: false, unique: false, help: null, custom: false, computed: false, operators: [], default: null });
const entity = {
  key: "erp.order",
  fields: [field("note", "text"), field("total", "money")],
  lines: [{ name: "lines", label: "明细", min: 0, max: 9, readonly: false, fields: [field("quantity", "quantity")] }],
} as unknown as EntityMeta;

describe("what an entry has changed", () => {
  it("is told by fields, by the state and by line", () => {
    const found = differencesOf(
      entity,
      { note: null, total: "1.00", state: "draft", lines: [{ id: "a", line_no: 1, quantity: "1" }, { id: "b", line_no: 2, quantity: "2" }] },
      { note: "x", total: "1.0", state: "confirmed", lines: [{ id: "a", line_no: 1, quantity: "3" }, { id: "c", line_no: 2, quantity: "4" }] },
    );
    expect(found.fields.map((item) => item.field.name)).toEqual(["note"]);
    expect(found.state).toEqual({ before: "draft", after: "confirmed" });
    expect(found.grids[0]?.lines.map((line) => [line.kind, line.number])).toEqual([["changed", 1], ["added", 2], ["removed", 2]]);
    expect(countOf(found)).toBe(4);
  });

  it("of a new document is what it has", () => {
    expect(differencesOf(entity, null, { note: "", total: "1.00", state: "draft" }).fields.map((item) => item.field.name)).toEqual(["total"]);
  });
});

describe("comments", () => {
  const id = "01a202d9-ae98-7603-8934-2b2090a3dc3d";

  it("mention who was picked, and nobody else", () => {
    const text = written("请 @张三丰 和 @张三 看，@李四 不在", [{ id, name: "张三" }, { id: id.replace("01", "02"), name: "张三丰" }]);
    expect(text).toContain(`@[张三](${id})`);
    expect(text).toContain("@[张三丰](02");
    expect(text).toContain("@李四");
  });

  it("are pieces of text: what looks like markup stays text", () => {
    expect(piecesOf(`<img src=x onerror=alert(1)> @[张三](${id})!`)).toEqual([{ text: "<img src=x onerror=alert(1)> " }, { name: "张三", user: id }, { text: "!" }]);
  });

  it("stand between the entries by their time", () => {
    const entry = (at: string) => ({ id: at, at }) as HistoryEntry;
    const comment = (at: string) => ({ id: at, created_at: at }) as Comment;
    expect(joined([entry("2026-01-03"), entry("2026-01-01")], [comment("2026-01-02")]).map((item) => item.kind)).toEqual(["entry", "comment", "entry"]);
  });
});
