import { describe, expect, it } from "vitest";

import { field } from "../../fields/test/meta.ts";
import { PLAIN_STATE, readState, writeState } from "../address.ts";
import { compiled } from "../filter/compile.ts";
import { treeOfFilter } from "../filter/read.ts";
import { askable, pruned, type Group, type Term } from "../filter/tree.ts";
import { wordsOf } from "../filter/words.ts";
import { allOf } from "../merging.ts";

const fields = [
  field("amount", "money"),
  field("order_date", "date"),
  field("state", "choice", { options: [{ value: "open", label: "进行中" }] }),
  field("name", "text", { operators: ["eq", "contains"] }),
];
const fieldOf = (name: string) => fields.find((item) => item.name === name);
const term = (name: string, asked: Term["asked"], value: Term["value"]): Term => ({ kind: "term", field: name, asked, value });
const all = (...items: Group["items"]): Group => ({ kind: "group", joined: "and", items });
const any = (...items: Group["items"]): Group => ({ kind: "group", joined: "or", items });

describe("a filter out of conditions", () => {
  it("uses the list's own operators where all must hold", () => {
    expect(compiled(all(term("state", "in", ["open"]), term("amount", "between", ["10", "20"]), term("name", "empty", null)), fieldOf)).toEqual({
      state: { in: ["open"] },
      amount: { gte: "10", lte: "20" },
      name: { null: true },
    });
  });

  it("becomes an expression for alternatives and relative dates; numbers stay exact", () => {
    expect(compiled(all(any(term("amount", "gt", "0.10"), term("order_date", "period", "last_days:30"))), fieldOf)).toEqual({
      $where: {
        call: "or",
        arguments: [
          { call: ">", arguments: [{ field: "amount" }, { number: "0.10" }] },
          { call: "in", arguments: [{ field: "order_date" }, { call: "period", arguments: [{ value: "last_days" }, { number: "30" }] }] },
        ],
      },
    });
  });

  it("keeps both of two conditions on one field", () => {
    const made = compiled(all(term("name", "contains", "a"), term("name", "contains", "b")), fieldOf) as Record<string, unknown>;
    expect(made["name"]).toEqual({ contains: "a" });
    expect(made["$where"]).toEqual({ call: "contains", arguments: [{ field: "name" }, { value: "b" }] });
  });

  it("leaves out what is not finished", () => {
    expect(compiled(all(term("state", "in", []), term("name", "eq", null), any()), fieldOf)).toEqual({});
    expect(pruned(all(any(term("name", "eq", "")))).items).toEqual([]);
  });

  it("reads back as the same conditions", () => {
    const tree = all(term("state", "in", ["open"]), term("amount", "between", ["10", "20"]), any(term("order_date", "period", "this_month"), term("name", "notIn", ["x", "y"])));
    expect(treeOfFilter(compiled(tree, fieldOf))).toEqual(tree);
  });

  it("keeps expressions of others as they are", () => {
    const tree = treeOfFilter({ $where: "sum(lines.amount) > 10" });
    expect(compiled(tree, fieldOf)).toEqual({ $where: "sum(lines.amount) > 10" });
  });
});

describe("what may be asked", () => {
  it("follows the field's operators", () => {
    expect(askable(fields[1] as never)).toContain("period");
    expect(askable(fields[2] as never)).not.toContain("eq");
    expect(askable(field("j", "json", { operators: [] }))).toEqual([]);
    expect(askable(field("u", "user", { operators: ["eq", "ne", "in", "null"] }))).toContain("me");
  });
});

describe("the address", () => {
  it("carries the whole state and reads it back", () => {
    const state = { view: "v1", q: "咖啡 & 茶", tree: all(any(term("amount", "gt", "5"), term("state", "in", ["open"]))), sorts: [{ field: "number", descending: true }], groups: ["month(order_date)"], presets: [0, 2] };
    expect(readState(writeState(state))).toEqual(state);
  });

  it("is empty for a list as its view has it, and survives nonsense", () => {
    expect(writeState(PLAIN_STATE)).toEqual({});
    expect(readState({ f: "{{{", sort: ["a"], on: "x" })).toEqual({ ...PLAIN_STATE, presets: [] });
    expect(readState(writeState({ ...PLAIN_STATE, sorts: [], groups: [] }))).toEqual({ ...PLAIN_STATE, sorts: [], groups: [] });
  });
});

describe("filters together", () => {
  it("must all hold", () => {
    expect(allOf({ a: { gt: 1 } }, { a: { lt: 5 }, $where: "x" }, { $where: "y" })).toEqual({ a: { gt: 1, lt: 5 }, $where: ["x", "y"] });
    expect(allOf({ id: { in: ["1", "2"] } }, { id: { in: ["2", "3"] } })).toEqual({ id: { in: ["2"] } });
    expect(allOf({ a: "x" }, { a: "y" })).toEqual({ a: { eq: "x" }, $where: { call: "==", arguments: [{ field: "a" }, { value: "y" }] } });
  });
});

describe("conditions in words", () => {
  it("name fields, operators and values", () => {
    const around = { t: (key: string, named?: Record<string, unknown>) => `${key.split(".").at(-1) ?? ""}${typeof named?.["count"] === "string" ? named["count"] : ""}`, locale: "zh-CN", fieldOf, labels: new Map<string, string>(), format: {} };
    expect(wordsOf(term("state", "in", ["open"]), around)).toBe("state in 进行中");
    expect(wordsOf(term("order_date", "period", "last_days:30"), around)).toBe("order_date last_days30");
    expect(wordsOf(any(term("amount", "gt", "1000"), term("name", "empty", null)), around)).toBe("amount gt 1,000.00 or name empty");
  });
});

describe("conditions that nobody has built", () => {
  const call = (name: string, ...parts: unknown[]): unknown => ({ call: name, arguments: parts });
  const around = {
    t: (key: string, named?: Record<string, unknown>) => (named === undefined ? key.replace(/^list\.\w+\./, "") : `${key.replace(/^list\.\w+\./, "")}[${Object.values(named).join()}]`),
    locale: "zh-CN",
    fieldOf,
    labels: new Map<string, string>(),
    format: { zone: "Asia/Shanghai" },
  };

  it("are told in words, each for itself", () => {
    const where = call("and", call("==", { field: "state" }, { value: "open" }), call(">", call("-", { field: "amount" }, { number: "1.50" }), { number: "10" }));
    const tree = treeOfFilter({ $where: where } as never);
    expect(tree.items.map((item) => wordsOf(item, around))).toEqual(["state eq 进行中", "(amount - 1.50) > 10"]);
  });

  it("never show the language itself", () => {
    expect(wordsOf({ kind: "given", where: "state == 'open'" }, around)).toBe("given");
  });
});
