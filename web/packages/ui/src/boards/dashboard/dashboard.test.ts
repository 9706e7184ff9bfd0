import { describe, expect, it } from "vitest";

import type { ReportItem, Result } from "../../reporting/types.ts";
import { cardsOf, figuresOf, moved, usualCards, type Card } from "./cards.ts";

const report = (id: string, over: Partial<ReportItem> = {}) =>
  ({ id, origin: "system", usable: true, chart: "bar", parameters: [], ...over }) as unknown as ReportItem;

describe("the cards", () => {
  it("are the shipped reports at first, without those that cannot run by themselves", () => {
    const cards = usualCards([
      report("a"),
      report("b", { usable: false }),
      report("c", { parameters: [{ required: true }] as never }),
      report("d", { origin: "own" }),
    ]);
    expect(cards.map((card) => [card.kind, card.of])).toEqual([["figures", "a"], ["chart", "a"]]);
  });

  it("are taken from the store only as far as they are cards", () => {
    expect(cardsOf(undefined)).toBeNull();
    expect(cardsOf([])).toEqual([]);
    expect(cardsOf([{ id: "1", kind: "chart", of: "x" }, { kind: "chart" }, null, { id: "2", kind: "web", of: "x" }])).toEqual([
      { id: "1", kind: "chart", of: "x" },
    ]);
  });

  it("change places within their bounds", () => {
    const cards = ["a", "b"].map((id): Card => ({ id, kind: "list", of: id }));
    expect(moved(cards, 0, 1).map((card) => card.id)).toEqual(["b", "a"]);
    expect(moved(cards, 0, -1).map((card) => card.id)).toEqual(["a", "b"]);
  });

  it("show the sums of a report exactly", () => {
    const result = {
      measures: [{ name: "sum", label: "金额", kind: "money" }],
      totals: [{ column: ["x"], values: { sum: "1" } }, { column: [], values: { sum: "12345678901234567.89" } }],
    } as unknown as Result;
    expect(figuresOf(result)).toEqual([{ name: "sum", label: "金额", text: "12,345,678,901,234,567.89" }]);
  });
});
