import { describe, expect, it } from "vitest";

import { ApiError } from "@superpaas/api";

import { entity, field } from "../../fields/test/meta.ts";
import { allFields } from "../../fields/kinds.ts";
import { againTasks, runAll, tallyOf, taskOf } from "../batch/running.ts";
import { columnsOf, viewColumns } from "../columns.ts";
import { groupChoices, groupWords } from "../grouping.ts";
import { planPaste } from "../pasting.ts";

const words = (error: unknown): string => (error as Error).message;
const refusal = (status: number, id: string): ApiError => new ApiError(status, { code: "X", message: `status ${status}`, requestId: id });

describe("a batch", () => {
  it("tells of each row, and tries again under the same id only what has had no answer", async () => {
    const seen: string[] = [];
    const tasks = [
      taskOf("1", "one", () => Promise.resolve()),
      taskOf("2", "two", () => Promise.reject(refusal(409, "r2"))),
      taskOf("3", "three", (id) => { seen.push(id); return Promise.reject(refusal(0, "")); }),
    ];
    const outcomes = await runAll(tasks, words);
    expect(outcomes.map(({ state, reason }) => [state, reason])).toEqual([["done", ""], ["refused", "status 409"], ["failed", "status 0"]]);
    expect(outcomes[1]?.requestId).toBe("r2");
    expect(tallyOf(outcomes)).toEqual({ done: 1, refused: 1, failed: 1, waiting: 0 });
    const again = againTasks(outcomes);
    expect(again.map((task) => task.key)).toEqual(["2", "3"]);
    expect(again[0]?.requestId).not.toBe(tasks[1]?.requestId);
    expect(again[1]?.requestId).toBe(seen[0]);
  });

  it("does no more than four at once and stops when told", async () => {
    let [now, most, ended] = [0, 0, 0];
    const tasks = Array.from({ length: 20 }, (_, place) =>
      taskOf(String(place), "", async () => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setTimeout(resolve, 1));
        now -= 1;
        ended += 1;
      }),
    );
    const outcomes = await runAll(tasks, words, undefined, () => ended >= 8);
    expect(most).toBe(4);
    expect(tallyOf(outcomes).waiting).toBeGreaterThan(0);
  });

  it("says what of the values is wrong", async () => {
    const error = new ApiError(422, { code: "VALIDATION_FAILED", message: "no", requestId: "r", details: [{ field: "a", rule: "x", message: "太大" }] });
    const [outcome] = await runAll([taskOf("1", "", () => Promise.reject(error))], words);
    expect(outcome?.reason).toBe("太大");
  });
});

describe("a paste", () => {
  const fields = [field("name", "text"), field("amount", "money", { scale: 2 }), field("made", "date", { readonly: true }), field("partner_id", "reference", { to: "erp.partner" })];
  const rows = [{ id: "1", name: "a" }, { id: "2", name: "b" }];
  const around = { rows, fields, mayEdit: (_row: unknown, item: { readonly: boolean }) => !item.readonly, mayCreate: true, zone: "Asia/Shanghai" };

  it("goes over rows from the active cell on, and makes rows below the last", () => {
    const plan = planPaste({ from: { key: "2", field: "amount" }, cells: [["1,000.5", "x"], ["7", "x"]] }, around);
    expect(plan.rows).toEqual([
      { row: rows[1], values: { amount: "1000.5" }, lookups: [] },
      { row: null, values: { amount: "7" }, lookups: [] },
    ]);
    expect(plan.skipped).toEqual(["made"]);
  });

  it("knows headings, looks up references and tells what it cannot read", () => {
    const plan = planPaste({ from: null, cells: [["partner_id", "amount"], ["Bon app", "many"]] }, around);
    expect(plan.rows).toHaveLength(1);
    expect(plan.rows[0]?.lookups).toEqual([{ field: fields[3], text: "Bon app" }]);
    expect(plan.problems).toEqual([{ line: 1, field: "amount", text: "many" }]);
  });

  it("makes nothing without the right", () => {
    expect(planPaste({ from: null, cells: [["x", "1"]] }, { ...around, mayCreate: false }).rows).toEqual([]);
  });
});

describe("columns", () => {
  const t = (key: string): string => key;
  const order = entity([field("partner_id", "reference"), field("note", "long_text", { list: false })]);

  it("are those of the view that are there; frozen ones stand at the edges", () => {
    const made = columnsOf(order, allFields(order, t), [{ field: "note" }, { field: "gone" }, { field: "number", width: 99, freeze: "left" }]);
    expect(made.map((column) => [column.field.name, column.freeze])).toEqual([["number", "left"], ["note", undefined]]);
    expect(viewColumns(made)[0]).toEqual({ field: "number", width: 99, freeze: "left" });
    expect(made[0]?.sortable).toBe(true);
  });

  it("without a view are those meant for lists", () => {
    expect(columnsOf(order, allFields(order, t), undefined).map((column) => column.field.name)).toEqual(["number", "partner_id", "state"]);
  });

  it("group by what can be compared, days by their periods", () => {
    const choices = groupChoices([field("d", "date"), field("n", "money"), field("j", "json", { operators: [] }), field("c", "choice")], (key) => key);
    expect(choices.map((choice) => choice.by)).toEqual(["day(d)", "month(d)", "quarter(d)", "year(d)", "c"]);
    expect(groupWords("month(d)", () => field("d", "date", { label: "日期" }), (key, named) => `${key}:${String(named?.["name"])}`)).toBe("list.groupBy.month:日期");
  });
});
