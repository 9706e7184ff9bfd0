import { describe, expect, it } from "vitest";

import { chartOf, chartOfRows, optionOf } from "./chart.ts";
import { figuresOf, totalsOf } from "./coded.ts";
import { definitionOf, draftOf, emptyDraft, usualMeasure } from "./designer/draft.ts";
import { queryOf, valuesOf, fieldOfParameter } from "./parameters.ts";
import { cronOf, scheduleOf, USUAL } from "./schedule.ts";
import { changeText, csvOf, figureText, tableOf } from "./table.ts";
import type { CodedReport, Definition, Result, ResultItem } from "./types.ts";

function item(row: string[], column: string[], sum: string | null): ResultItem {
  return { row, row_labels: row, column, column_labels: column, rest: false, values: { sum }, filter: {} };
}

const RESULT: Result = {
  entity: "erp.order",
  chart: "bar",
  rows: [
    { name: "partner_id", label: "客户", kind: "id", bucket: null, to: null },
    { name: "state", label: "状态", kind: "text", bucket: null, to: null },
  ],
  columns: [{ name: "y", label: "年", kind: "date", bucket: "year", to: null }],
  measures: [{ name: "sum", label: "金额", kind: "money" }],
  items: [
    item(["甲"], ["1997"], "0.10"),
    item(["甲"], ["1998"], "0.20"),
    item(["甲"], [], "0.30"),
    item(["甲", "草稿"], ["1998"], "0.20"),
    item(["甲", "草稿"], [], "0.20"),
    item(["乙"], [], "12345678901234567.89"),
  ],
  totals: [item([], ["1997"], "0.10"), item([], ["1998"], "0.20"), item([], [], "12345678901234568.19")],
  truncated: false,
};

describe("a report's table", () => {
  it("has a column a group across and the sums, a row a group down with subtotals", () => {
    const table = tableOf(RESULT);
    expect(table.columns.map((column) => column.across.join())).toEqual(["1997", "1998", ""]);
    expect(table.rows.map((row) => [row.labels.join("/"), row.subtotal])).toEqual([["甲", true], ["甲/草稿", false], ["乙", true]]);
    expect(table.rows[0]?.cells.map((cell) => cell.text)).toEqual(["0.10", "0.20", "0.30"]);
    expect(table.rows[2]?.cells.map((cell) => cell.text)).toEqual(["", "", "12,345,678,901,234,567.89"]);
    expect(table.total?.cells[2]?.text).toBe("12,345,678,901,234,568.19");
  });

  it("shows the sums alone where nothing is grouped", () => {
    const table = tableOf({ ...RESULT, rows: [], columns: [], items: [], totals: [item([], [], "5.00")] });
    expect(table.rows.map((row) => row.cells.map((cell) => cell.text))).toEqual([["5.00"]]);
  });

  it("writes figures by their kind, and changes with their sign", () => {
    expect(figureText("0.155", "percent")).toBe("15.5%");
    expect(figureText("1234.5", "money")).toBe("1,234.50");
    expect(figureText(null, "money")).toBe("");
    expect(changeText("0.25")).toBe("+25%");
    expect(changeText("-0.1")).toBe("-10%");
  });

  it("exports formulas as texts, and numbers as numbers", () => {
    expect(csvOf([["=1+1", "-5.00", 'a"b', "+86"]])).toBe('\uFEFF\'=1+1,-5.00,"a""b",\'+86\r\n');
  });
});

describe("a report's chart", () => {
  it("takes the first level, a series a group across", () => {
    const data = chartOf(RESULT);
    expect(data.categories).toEqual(["甲"]);
    expect(data.series).toEqual([
      { name: "1997", kind: "money", values: ["0.10"] },
      { name: "1998", kind: "money", values: ["0.20"] },
    ]);
  });

  it("stacks, and leaves nothing negative to a pie", () => {
    const palette = { text: "", muted: "", line: "", surface: "", colours: [] };
    const data = chartOfRows([{ n: "甲", a: "1.5" }, { n: "乙", a: "-2" }], "n", [{ name: "a", label: "A", kind: "money" }]);
    expect(optionOf(data, "stacked", palette)).toMatchObject({ series: [{ stack: "all", data: [1.5, -2] }] });
    expect(optionOf(data, "pie", palette)).toMatchObject({ series: [{ data: [{ name: "甲", value: 1.5 }] }] });
  });
});

describe("the designer's draft", () => {
  it("keeps a definition as it was", () => {
    const definition: Definition = {
      entity: "erp.order",
      rows: ["partner_id", "month(order_date)"],
      columns: [],
      measures: ["sum(amount)", { expression: "sum(amount) / count()", name: "avg_order", digits: 2 }],
      where: "state != 'draft'",
      sort: ["-sum_amount"],
      top: { count: 5, by: "sum_amount" },
      chart: "bar",
    };
    expect(definitionOf(draftOf(definition))).toEqual({
      entity: "erp.order",
      rows: [{ field: "partner_id" }, { field: "order_date", by: "month" }],
      columns: [],
      measures: [
        { function: "sum", field: "amount" },
        { expression: "sum(amount) / count()", name: "avg_order", digits: 2 },
      ],
      where: "state != 'draft'",
      sort: [{ by: "sum_amount", descending: true }],
      top: { count: 5, by: "sum_amount", rest: true },
      chart: "bar",
    });
  });

  it("leaves out what is half said", () => {
    const draft = { ...emptyDraft("erp.order"), top: { on: true, count: 3, by: "sum_gone", rest: true } };
    draft.measures.push({ ...usualMeasure({ name: "x", kind: "money" } as never), field: "" });
    expect(definitionOf(draft)).toEqual({ entity: "erp.order", rows: [], columns: [], measures: [{ function: "count" }], chart: "bar" });
  });
});

describe("parameters and schedules", () => {
  it("leave defaults that are expressions to the service", () => {
    const field = fieldOfParameter({ name: "from", kind: "date", label: "起", default: "month_start(today)", required: false }, String);
    expect(valuesOf([field], {})).toEqual({ from: null });
    expect(queryOf([field], { from: null })).toEqual({});
    expect(queryOf([field], { from: "2026-01-01" })).toEqual({ from: "2026-01-01" });
  });

  it("say the same in cron and back", () => {
    for (const every of ["day", "workday", "week", "month"] as const) {
      const schedule = { ...USUAL, every, time: "08:30" };
      expect(scheduleOf(cronOf(schedule))).toEqual(schedule);
    }
    expect(cronOf({ ...USUAL, weekday: 7 })).toBe("0 9 * * 0");
    expect(scheduleOf("*/5 * * * *")).toBeNull();
  });
});

describe("a coded report", () => {
  const money = (name: string) => ({ name, kind: "money", label: name }) as never;

  it("shows its own sums, never ones made here", () => {
    expect(totalsOf([money("debit")], { items: [], totals: { debit: "3.00" } })).toEqual({ debit: "3.00" });
    expect(totalsOf([money("debit"), money("balance")], { items: [], debit: "1.00" })).toEqual({ debit: "1.00" });
    expect(totalsOf([money("debit")], { items: [{ debit: "1.00" }] })).toBeNull();
  });

  it("tells a sign only when it is up", () => {
    const report = { figures: [money("opening"), { name: "truncated", kind: "flag" }], columns: [] } as unknown as CodedReport;
    expect(figuresOf(report, { opening: "1.00", truncated: false }).map((one) => one.field.name)).toEqual(["opening"]);
    expect(figuresOf(report, { opening: "1.00", truncated: true })).toHaveLength(2);
  });
});
