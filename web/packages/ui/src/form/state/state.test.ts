import { describe, expect, it } from "vitest";

import type { ActionMeta, EntityMeta, FieldKind, FieldMeta, LinesMeta } from "@superpaas/api";

import { actionChoices, askedParameters, madeBy } from "./actions.ts";
import { missing } from "./checking.ts";
import { countErrors, sortProblems } from "./errors.ts";
import { layoutOf, limitedLayout } from "./layout.ts";
import { merge, settle } from "./merging.ts";
import { blankDraft, changes, copyOf, creation, draftOf, linesOf, sentPositions, type LineDraft } from "./model.ts";
import { mainWay, stepsOf } from "./steps.ts";
import { beside, trailOf, trailQuery } from "./trail.ts";
import { sameValue } from "./values.ts";

function field(name: string, kind: FieldKind = "text", more: Partial<FieldMeta> = {}): FieldMeta {
  return { name, kind, label: name, required: false, readonly: false, list: false, search: false, index: false, unique: false, help: null, custom: false, computed: false, operators: [], default: null, ...more };
}

const grid: LinesMeta = {
  name: "lines",
  label: "明细",
  min: 1,
  max: 3,
  readonly: false,
  fields: [field("item_id", "reference", { required: true, to: "erp.item" }), field("quantity", "quantity", { required: true }), field("discount", "percent", { default: "0" }), field("amount", "money", { readonly: true })],
};

function entity(more: Partial<EntityMeta> = {}): EntityMeta {
  return {
    key: "erp.order",
    kind: "document",
    kit: false,
    label: "订单",
    path: "/api/v1/erp/orders",
    title: "number",
    permissions: ["read"],
    fields: [field("partner_id", "reference", { required: true, to: "erp.partner" }), field("note", "long_text"), field("rate", "percent", { default: "0.13" }), field("total", "money", { readonly: true }), field("code", "text", { unique: true })],
    lines: [grid],
    sortable: [],
    standard_fields: {},
    ...more,
  };
}

const line = (id: string, more: Record<string, unknown> = {}): LineDraft => ({ id, _key: id, item_id: "i", quantity: "1", discount: "0", amount: "5.00", ...more });
const row = (more: Record<string, unknown> = {}) => ({ id: "1", version: 2, partner_id: "p", partner_label: "某公司", note: "a", rate: "0.13", total: "5.00", code: "K1", lines: [line("l1"), line("l2")], ...more });

describe("what is sent", () => {
  it("takes numbers of one value for the same, whatever their digits", () => {
    expect(sameValue({ kind: "money" }, "1.50", "1.5")).toBe(true);
    expect(sameValue({ kind: "money" }, "9007199254740993.01", "9007199254740993.02")).toBe(false);
    expect(sameValue({ kind: "text" }, null, "")).toBe(true);
  });

  it("is nothing when nothing has changed, and only what has", () => {
    const stored = row();
    const draft = draftOf(entity(), stored);
    expect(changes(entity(), stored, draft)).toEqual({});
    draft["note"] = "";
    draft["total"] = "9.00";
    expect(changes(entity(), stored, draft)).toEqual({ note: null });
  });

  it("holds all lines when one has changed, with ids for known ones and without computed values", () => {
    const draft = draftOf(entity(), row());
    draft["lines"] = [{ ...linesOf(draft, "lines")[0], quantity: "2" }, { _key: "new", item_id: "j", quantity: "3", discount: "0" }, { _key: "blank", discount: "0" }];
    expect(changes(entity(), row(), draft)).toEqual({
      lines: [
        { id: "l1", item_id: "i", quantity: "2", discount: "0" },
        { item_id: "j", quantity: "3", discount: "0" },
      ],
    });
  });

  it("leaves out masked values and sends a default that was emptied as empty", () => {
    const masked = entity({ fields: [field("phone", "text", { masked: true }), field("rate", "percent", { default: "0.13" })], lines: [] });
    expect(changes(masked, { phone: "138****0000", rate: "0.13" }, { phone: "139****0000", rate: null })).toEqual({ rate: null });
    expect(creation(masked, { ...blankDraft(masked), rate: null })).toEqual({ rate: null });
  });

  it("of a copy has neither ids nor numbers of the old one", () => {
    const copy = copyOf(entity(), row());
    expect(copy["code"]).toBeNull();
    expect(copy["partner_label"]).toBe("某公司");
    expect(linesOf(copy, "lines").map((item) => item.id)).toEqual([undefined, undefined]);
    expect(copy["total"]).toBeNull();
  });
});

describe("what is wrong", () => {
  it("is sorted by field and by line as it stands on the screen", () => {
    const lines = [{ _key: "blank", discount: "0" }, line("l1"), line("l2")];
    const errors = sortProblems(
      entity(),
      [
        { field: "partner_id", rule: "required", message: "客户必填" },
        { field: "lines[1].quantity", rule: "above", message: "必须大于 0" },
        { field: "lines", rule: "min", message: "至少一行" },
        { field: "elsewhere", rule: "x", message: "其他" },
      ],
      { lines: sentPositions(grid, lines) },
    );
    expect(errors.fields).toEqual({ partner_id: "客户必填" });
    expect(errors.lines).toEqual({ lines: { 2: { quantity: "必须大于 0" } } });
    expect(errors.grids).toEqual({ lines: "至少一行" });
    expect(errors.others).toEqual(["其他"]);
    expect(countErrors(errors)).toBe(4);
  });

  it("is found before sending where something is missing", () => {
    const words = { required: (label: string) => `${label}!`, tooFew: () => "few", tooMany: () => "many" };
    const found = missing(entity(), { partner_id: "p", lines: [{ _key: "a", item_id: "i" }] }, words);
    expect(found?.lines).toEqual({ lines: { 0: { quantity: "quantity!" } } });
    expect(missing(entity(), { partner_id: "p", lines: [] }, words)?.grids).toEqual({ lines: "few" });
    expect(missing(entity(), row(), words)).toBeNull();
  });
});

describe("two who save one document", () => {
  it("both keep what only they have changed", () => {
    const joined = merge(entity(), row(), row({ note: "mine" }), row({ rate: "0.06", lines: [line("l1", { quantity: "7" }), line("l2")] }));
    expect(joined.conflicts).toEqual([]);
    expect(joined.merged).toMatchObject({ note: "mine", rate: "0.06" });
    expect(linesOf(joined.merged, "lines")[0]?.["quantity"]).toBe("7");
    expect(joined.taken).toEqual(["rate", "明细"]);
  });

  it("are asked where both have changed the same in different ways", () => {
    const mine = row({ note: "mine", partner_id: "q", partner_label: "我的" });
    const joined = merge(entity(), row(), mine, row({ note: "theirs", partner_id: "q" }));
    expect(joined.conflicts.map((item) => (item.kind === "field" ? item.field.name : ""))).toEqual(["note"]);
    const [conflict] = joined.conflicts;
    if (conflict !== undefined) settle(joined.merged, conflict, mine, "mine");
    expect(joined.merged["note"]).toBe("mine");
  });

  it("join lines by id, new ones of both, and ask when one removes what the other changes", () => {
    const mine = row({ lines: [line("l1", { quantity: "2" }), line("l2"), { _key: "n", item_id: "x", quantity: "1" }] });
    const joined = merge(entity(), row(), mine, row({ lines: [line("l1"), line("l2", { discount: "0.1" }), line("l3")] }));
    expect(linesOf(joined.merged, "lines").map((item) => [item["quantity"], item["discount"]])).toEqual([["2", "0"], ["1", "0.1"], ["1", "0"], ["1", undefined]]);
    expect(merge(entity(), row(), row({ lines: [line("l1", { quantity: "2" }), line("l2")] }), row({ lines: [line("l2")] })).conflicts).toHaveLength(1);
  });
});

describe("states and actions", () => {
  const action = (verb: string, source: string[] | null, target: string | null): ActionMeta => ({ verb, label: verb, source, target, confirm: null, parameters: [] });
  const state = (key: string, editable = false) => ({ key, label: key, editable, deletable: false });
  const order = entity({
    states: [state("draft", true), state("confirmed"), state("shipped"), state("invoiced"), state("closed"), state("cancelled")],
    actions: [action("confirm", ["draft"], "confirmed"), action("unconfirm", ["confirmed"], "draft"), action("cancel", ["draft", "confirmed"], "cancelled"), action("close", ["invoiced"], "closed"), action("deliver", ["confirmed"], null)],
  });

  it("show the straight way, with states that the service reaches by itself", () => {
    expect(mainWay(order)).toEqual(["draft", "confirmed", "shipped", "invoiced", "closed"]);
    const delivery = entity({ states: [state("draft", true), state("posted"), state("reversed")], actions: [action("post", ["draft"], "posted"), action("reverse", ["posted"], "reversed")] });
    expect(mainWay(delivery)).toEqual(["draft", "posted"]);
    expect(stepsOf(order, "shipped").map((step) => step.status)).toEqual(["done", "done", "current", "coming", "coming"]);
  });

  it("show an ending apart as such, without what will not come", () => {
    expect(stepsOf(order, "cancelled").map((step) => [step.key, step.status])).toEqual([["draft", "done"], ["cancelled", "current"]]);
  });

  it("put the action that leads on first and what undoes last, each with the states that it starts from", () => {
    const choices = actionChoices(order, "confirmed");
    expect(choices.filter((choice) => choice.open).map((choice) => choice.action.verb)).toEqual(["deliver", "unconfirm", "cancel"]);
    expect(choices.find((choice) => choice.action.verb === "close")).toMatchObject({ open: false, from: ["invoiced"] });
    expect(actionChoices(order, "draft")[0]?.action.verb).toBe("confirm");
  });

  it("tell which document an action has made", () => {
    const delivery = entity({ key: "erp.delivery" });
    const id = "01a202d9-ae98-7603-8934-2b2090a3dc3d";
    expect(madeBy({ delivery_id: id, delivery_number: "DN1" }, [order, delivery])).toEqual([{ entity: delivery, id }]);
    expect(madeBy({ delivery_id: "x" }, [delivery])).toEqual([]);
    expect(askedParameters({ ...action("submit", null, null), parameters: [field("approvers", "json"), field("lines", "json"), field("reason")] })).toHaveLength(1);
  });
});

describe("the page", () => {
  it("has sections by what fields are for, and hides from a new one what is computed", () => {
    const keys = (isNew: boolean) => layoutOf(entity(), isNew).sections.map((section) => [section.key, section.fields.map((item) => item.name)]);
    expect(keys(true)).toEqual([["main", ["partner_id", "rate", "code"]], ["texts", ["note"]]]);
    expect(keys(false)).toEqual([["main", ["partner_id", "rate", "code", "total"]], ["texts", ["note"]]]);
  });

  it("follows declared groups and loses no field", () => {
    const groups = [{ key: "g", label: "价格", fields: ["rate", "gone"], after: true, folded: false }];
    const { sections } = layoutOf({ ...entity(), groups }, false);
    expect(sections[0]?.fields.map((item) => item.name)).toEqual(["rate"]);
    expect(sections.flatMap((section) => section.fields)).toHaveLength(5);
  });
});

describe("the page of a document that an approval holds", () => {
  const open = (opened?: ReadonlySet<string>) => {
    const { sections, grids } = limitedLayout(layoutOf(entity(), false), opened);
    const fields = sections.flatMap((section) => section.fields);
    return [...fields.filter((item) => !item.readonly), ...grids.filter((grid) => !grid.readonly)].map((item) => item.name);
  };

  it("leaves open what the step lets its approvers write, and nothing else", () => {
    expect(open()).toEqual([]);
    expect(open(new Set(["note", "lines"]))).toEqual(["note", "lines"]);
  });
});

describe("the list that a row was opened from", () => {
  it("travels in the address", () => {
    const trail = { q: "a", filter: { state: { eq: "draft" } }, sort: ["-number"] };
    expect(trailOf(trailQuery(trail))).toEqual(trail);
    expect(trailOf({})).toBeNull();
    expect(trailOf({ from: "list" })).toEqual({});
    expect(trailOf({ filter: "{" })).toBeNull();
  });

  it("tells the rows beside", () => {
    expect(beside({ ids: ["a", "b", "c"], total: 9 }, "b")).toEqual({ previous: "a", next: "c", position: 2, total: 9 });
    expect(beside({ ids: ["a"], total: 1 }, "z")).toMatchObject({ previous: null, next: null, position: null });
  });
});
