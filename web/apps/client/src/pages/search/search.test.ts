import { describe, expect, it, vi } from "vitest";

import type { ApiClient, CellMeta } from "@superpaas/api";

import { askable, find, foundOf, searchable } from "./finding.ts";

const number = { number: "编号" };
const field = { name: "name", kind: "text", list: true, search: true, label: "名称" };
const cells = [
  {
    cell: "erp",
    label: "ERP",
    entities: [
      { key: "erp.view", kind: "document", kit: true, path: "/api/v1/erp/views", title: "name", fields: [field], standard_fields: {} },
      {
        key: "erp.order",
        kind: "document",
        kit: false,
        path: "/api/v1/erp/orders",
        title: "number",
        fields: [{ name: "total", kind: "money", list: true, label: "合计", search: false, scale: 2 }],
        standard_fields: number,
        states: [{ key: "open", label: "未结" }],
      },
      { key: "erp.ledger", kind: "ledger", kit: false, path: "/api/v1/erp/ledgers", fields: [field], standard_fields: {} },
      { key: "erp.plain", kind: "document", kit: false, path: "/api/v1/erp/plains", fields: [], standard_fields: {} },
    ],
  },
  {
    cell: "crm",
    label: "CRM",
    entities: [{ key: "crm.lead", kind: "document", kit: false, path: "/api/v1/crm/leads", title: "name", fields: [field], standard_fields: number }],
  },
] as unknown as CellMeta[];

const asked = { text: "SO1", cell: "", perEntity: 5, locale: "zh-CN", zone: "Asia/Shanghai" };

describe("searching all applications", () => {
  it("asks documents that can be searched, settings last", () => {
    expect(searchable(cells).map(({ entity }) => entity.key)).toEqual(["erp.order", "crm.lead", "erp.view"]);
    expect(searchable(cells, "crm").map(({ entity }) => entity.key)).toEqual(["crm.lead"]);
  });

  it("needs two letters or one Chinese character", () => {
    expect([askable(" a "), askable("ab"), askable("锂"), askable("")]).toEqual([null, "ab", "锂", null]);
  });

  it("shows what tells a row from its like", () => {
    const entity = cells[0]!.entities[1]!;
    const row = { id: "1", number: "SO1", total: "1200.50", state: "open" };
    expect(foundOf(entity, row, asked)).toEqual({
      id: "1",
      title: "SO1",
      text: "1,200.50",
      state: "未结",
      to: "/c/erp/orders/1",
    });
  });

  it("groups the answers in the order of the menu, whichever comes first; a cell that is away is asked once", async () => {
    const get = vi.fn((path: string) => {
      if (path.includes("crm")) return Promise.reject(new Error("stopped"));
      return new Promise((resolve) => {
        setTimeout(() => {
          resolve({ items: [{ id: path, number: "SO1", name: "n" }], next: path.endsWith("orders") ? "c" : null });
        }, path.endsWith("orders") ? 20 : 1);
      });
    });
    const seen: number[] = [];
    const signal = new AbortController().signal;
    const { groups, failed } = await find({ get } as unknown as ApiClient, cells, asked, (now) => seen.push(now.length), signal);
    expect(groups.map((group) => [group.entity.key, group.more])).toEqual([
      // Without a search text of their own they are found by their number.
      ["erp.order", `/c/erp/orders?${new URLSearchParams({ f: '["number","contains","SO1"]' }).toString()}`],
      ["erp.view", null],
    ]);
    expect([...failed]).toEqual(["crm"]);
    expect(seen).toHaveLength(3);
  });
});
