import { describe, expect, it, vi } from "vitest";

import type { ApiClient, CellMeta, EntityMeta } from "@superpaas/api";

import { creations, greeting, groupPage, progressOf, readProgress, readSteps, sumField } from "./home.ts";

function entity(key: string, change: Partial<EntityMeta> = {}): EntityMeta {
  const [cell, name] = key.split(".");
  return {
    key,
    kind: "document",
    kit: false,
    label: key,
    path: `/api/v1/${cell}/${name}s`,
    permissions: ["read", "create"],
    fields: [],
    lines: [],
    states: [],
    actions: [],
    ...change,
  } as unknown as EntityMeta;
}

const states = ["draft", "confirmed", "closed"].map((key) => ({ key, label: key, editable: false, deletable: false }));
const order = entity("erp.order", {
  states,
  actions: [{}, {}] as never,
  fields: [{ name: "total", kind: "money", list: true }] as never,
});
const cells = [
  { cell: "erp", entities: [entity("erp.item"), order] },
  { cell: "crm", entities: [entity("crm.lead"), entity("crm.view", { kit: true })] },
] as unknown as CellMeta[];

const groups = {
  items: [
    { key: ["closed"], labels: ["已关闭"], count: 3, sums: { total: "30.10" }, filter: { $where: 'state == "closed"' } },
    { key: ["draft"], labels: ["草稿"], count: 1, sums: { total: "1.00" }, filter: { $where: 'state == "draft"' } },
  ],
  total: { count: 4, sums: { total: "31.10" } },
};

describe("the home page", () => {
  it("shows a document's course in the order of its states, each leading to its rows", () => {
    const progress = progressOf(order, sumField(order), groups);
    expect(progress.states.map((state) => [state.key, state.share])).toEqual([["draft", 0.25], ["closed", 0.75]]);
    expect(progress.amount).toBe("31.10");
    expect(progress.states[0]?.to).toBe(groupPage(order, 'state == "draft"'));
    expect(new URL(`http://x${progress.states[0]?.to ?? ""}`).searchParams.get("f")).toBe('{"w":"state == \\"draft\\""}');
  });

  it("asks only for documents that move, and leaves out what there is none of", async () => {
    const get = vi.fn(() => Promise.resolve({ items: [], total: { count: 0, sums: {} } }));
    expect(await readProgress({ get } as unknown as ApiClient, cells)).toEqual([]);
    expect(get).toHaveBeenCalledExactlyOnceWith("/api/v1/erp/orders/_groups", { query: { by: "state", sum: "total" } });
  });

  it("knows which first data are missing; a cell that does not answer is no step", async () => {
    const get = vi.fn((path: string) => {
      if (path.startsWith("/api/v1/crm")) return Promise.reject(new Error("stopped"));
      return Promise.resolve({ items: path.endsWith("items") ? [{ id: "1" }] : [] });
    });
    const steps = await readSteps({ get } as unknown as ApiClient, cells);
    expect(steps.map((step) => [step.entity.key, step.done])).toEqual([["erp.item", true], ["erp.order", false]]);
  });

  it("offers to make what was visited lately first, then one of each application in turn", () => {
    const keys = creations(cells, ["/c/erp/orders/1"], 3).map((item) => item.key);
    expect(keys).toEqual(["erp.order", "erp.item", "crm.lead"]);
  });

  it("greets by the hour", () => {
    expect([2, 8, 12, 15, 21].map(greeting)).toEqual(["night", "morning", "noon", "afternoon", "evening"]);
  });
});
