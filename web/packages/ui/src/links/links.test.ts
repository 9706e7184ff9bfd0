import { describe, expect, it } from "vitest";

import type { CellMeta, EntityMeta } from "@superpaas/api";

import { filterOf, originsOf, relationsTo, wordsOf } from "./relations.ts";

const reference = (name: string, to: string, operators = ["eq"]) => ({ name, label: name, kind: "reference", to, operators });
const entity = (key: string, fields: unknown[], kind = "document", kit = false) => ({ key, label: key, kind, kit, fields, lines: [] }) as unknown as EntityMeta;

describe("linked documents", () => {
  const erp = { entities: [entity("erp.ledger", [reference("order_id", "erp.order")], "ledger"), entity("erp.delivery", [reference("order_id", "erp.order"), reference("back_id", "erp.order")])] } as unknown as CellMeta;
  const crm = { entities: [entity("crm.note", [reference("order_id", "erp.order", [])]), entity("crm.view", [reference("order_id", "erp.order")], "document", true)] } as unknown as CellMeta;

  it("are found in all cells by what refers to the entity and can be filtered, documents first", () => {
    const found = relationsTo("erp.order", [erp, crm]);
    expect(found.map((item) => `${item.entity.key}.${item.field.name}`)).toEqual(["erp.delivery.order_id", "erp.delivery.back_id", "erp.ledger.order_id"]);
    expect(found.map((item) => wordsOf(item, found))).toEqual(["erp.delivery · order_id", "erp.delivery · back_id", "erp.ledger"]);
  });

  it("are found through lines, unless the document itself refers", () => {
    const receipt = { ...entity("erp.receipt", []), lines: [{ name: "allocations", fields: [reference("invoice_id", "erp.invoice"), reference("item_id", "erp.item", [])] }] } as unknown as EntityMeta;
    const note = { ...entity("erp.note", [reference("invoice_id", "erp.invoice")]), lines: [{ name: "lines", fields: [reference("invoice_id", "erp.invoice")] }] } as unknown as EntityMeta;
    const found = relationsTo("erp.invoice", [{ entities: [receipt, note] } as unknown as CellMeta]);
    expect(found.map(filterOf)).toEqual(["allocations.invoice_id", "invoice_id"]);
    const row = { allocations: [{ invoice_id: "a", item_id: "x" }, { invoice_id: "a" }, { invoice_id: "b" }] };
    expect(originsOf(receipt, row, (key) => key === "erp.invoice").map((origin) => origin.id)).toEqual(["a", "b"]);
  });

  it("upwards are those that have a value", () => {
    const order = entity("erp.order", [reference("partner_id", "erp.partner"), reference("contract_id", "crm.contract")]);
    expect(originsOf(order, { partner_id: "p", contract_id: null }, () => true).map((item) => item.id)).toEqual(["p"]);
  });
});
