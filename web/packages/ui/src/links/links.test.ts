import { describe, expect, it } from "vitest";

import type { CellMeta, EntityMeta } from "@superpaas/api";

import { originsOf, relationsTo, wordsOf } from "./relations.ts";

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

  it("upwards are those that have a value", () => {
    const order = entity("erp.order", [reference("partner_id", "erp.partner"), reference("contract_id", "crm.contract")]);
    expect(originsOf(order, { partner_id: "p", contract_id: null }).map((item) => item.id)).toEqual(["p"]);
  });
});
