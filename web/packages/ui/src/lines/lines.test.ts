import { describe, expect, it } from "vitest";

import type { FieldKind, FieldMeta } from "@superpaas/api";

import { columnsOf, fitted } from "./columns.ts";
import { choose } from "./lookups.ts";
import { moved, moveOf, windowOf } from "./moves.ts";
import { paste } from "./pasting.ts";
import { isSummed, totalOf } from "./totals.ts";
import { readTsv, writeTsv } from "./tsv.ts";

function field(name: string, kind: FieldKind, more: Partial<FieldMeta> = {}): FieldMeta {
  return { name, kind, label: name, required: false, readonly: false, list: false, search: false, index: false, unique: false, help: null, custom: false, computed: false, operators: [], default: null, ...more };
}

describe("the clipboard of a spreadsheet", () => {
  it("is read with quotation marks, tabs and line ends inside cells", () => {
    expect(readTsv('a\t"b ""x""\tc\nd"\r\n1\t2\n')).toEqual([["a", 'b "x"\tc\nd'], ["1", "2"]]);
    expect(readTsv("")).toEqual([]);
  });

  it("is written so that nothing becomes a formula", () => {
    expect(writeTsv([["=1+1", "-5.00", "-cmd", "a\tb"]])).toBe("'=1+1\t-5.00\t'-cmd\t\"a\tb\"");
    expect(readTsv(writeTsv([["x\ny", 'q"']]))).toEqual([["x\ny", 'q"']]);
  });

  it("is pasted from a cell on, past what cannot be written", () => {
    const columns = [field("item_id", "reference"), field("amount", "money", { readonly: true }), field("quantity", "quantity", { scale: 2 }), field("due", "date")];
    const found = paste([["P1", "9", "1,234.50", "2026/3/5"], ["P2", "", "abc"]], { row: 1, column: 0 }, columns, "Asia/Shanghai");
    expect(found.rows).toBe(3);
    expect(found.lookups.map((item) => [item.row, item.text])).toEqual([[1, "P1"], [2, "P2"]]);
    expect(found.changes.map((item) => item.field.name)).toEqual(["quantity", "due"]);
    expect(String(found.changes[0]?.value)).toMatch(/^1234\.5/);
    expect(found.refused.map((item) => item.text)).toEqual(["abc"]);
  });
});

describe("names in pasted cells", () => {
  const rows = [
    { id: "1", code: "P1", name: "螺丝" },
    { id: "2", code: "P10", name: "螺丝" },
  ];
  const label = (row: Record<string, unknown>): string => String(row["name"]);

  it("mean the row whose code is exactly it", () => {
    expect(choose(rows, ["code", "name"], "p1", label)).toEqual({ id: "1", label: "螺丝" });
  });

  it("mean nothing when several rows are called so", () => {
    expect(choose(rows, ["code", "name"], "螺丝", label)).toBeNull();
    expect(choose(rows, ["code", "name"], "x", label)).toBeNull();
  });
});

describe("keys", () => {
  const extent = { rows: 2, columns: 4, writable: [0, 2] };

  it("go through the cells that can be written, on to a new line", () => {
    expect(moved({ row: 0, column: 0 }, "next", extent)).toEqual({ row: 0, column: 2 });
    expect(moved({ row: 1, column: 2 }, "next", extent)).toEqual({ row: 2, column: 0 });
    expect(moved({ row: 1, column: 0 }, "previous", extent)).toEqual({ row: 0, column: 2 });
    expect(moved({ row: 0, column: 0 }, "previous", extent)).toBeNull();
    expect(moved({ row: 0, column: 0 }, "next", { ...extent, writable: [] })).toBeNull();
  });

  it("belong to a text while it is written, but for those that leave it", () => {
    const key = (name: string, more = {}) => ({ key: name, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more });
    expect(moveOf(key("ArrowLeft"), true)).toBeNull();
    expect(moveOf(key("ArrowLeft"), false)).toBe("left");
    expect(moveOf(key("Tab", { shiftKey: true }), true)).toBe("previous");
    expect(moveOf(key("Enter", { ctrlKey: true }), true)).toBeNull();
  });
});

describe("the grid", () => {
  it("lets columns of words give way, and figures never", () => {
    const column = (name: string, width: number, right = false) => ({ field: { name } as FieldMeta, width, right, open: false });
    const columns = [column("item", 200), column("note", 148), column("debit", 120, true)];
    expect(fitted(columns, 500)).toEqual(columns);
    expect(fitted(columns, 390).map((one) => one.width)).toEqual([148, 122, 120]);
    expect(fitted(columns, 100).map((one) => one.width)).toEqual([96, 96, 120]);
    expect(fitted(columns, 0)).toEqual(columns);
  });

  it("draws a window of many lines", () => {
    expect(windowOf(3700, 370, 37, 500)).toEqual({ from: 92, to: 118 });
    expect(windowOf(0, 370, 37, 5)).toEqual({ from: 0, to: 5 });
  });

  it("sums exactly, and only what is of one kind", () => {
    expect(totalOf(field("a", "money"), [{ a: "0.1" }, { a: "0.2" }, { a: null }])).toBe("0.3");
    expect(totalOf(field("a", "money"), [{}])).toBe("");
    expect(isSummed(field("a", "quantity", { unit_field: "unit" }))).toBe(false);
    expect(isSummed(field("a", "price"))).toBe(false);
  });

  it("leaves out columns that have nothing to show", () => {
    const fields = [field("item", "text", { required: true }), field("delivered", "quantity", { readonly: true }), field("note", "text")];
    const names = (lines: Record<string, unknown>[], writing: boolean) => columnsOf(fields, lines, writing).map((column) => column.field.name);
    expect(names([{ delivered: "0.000000" }], true)).toEqual(["item", "note"]);
    expect(names([{ delivered: "2" }], true)).toEqual(["item", "delivered", "note"]);
    expect(names([{ delivered: "0" }], false)).toEqual(["item"]);
  });
});
