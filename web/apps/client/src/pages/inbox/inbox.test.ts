import { describe, expect, it, vi } from "vitest";

import { ApiError, type ApiClient, type CellMeta } from "@superpaas/api";

import { approvedEntities, dueFirst, isJudged, openBox, type Approval } from "./approvals.ts";
import { decide, decideAll } from "./deciding.ts";

function approval(change: Partial<Approval>): Approval {
  return {
    cell: "crm",
    id: "1",
    entity: "crm.quote",
    entity_label: "报价单",
    document_id: "d",
    path: "/api/v1/crm/quotes/d",
    title: "Q-1",
    status: "running",
    step: { key: "first", name: "一审" },
    starter_id: "u",
    starter_name: "张三",
    started_at: "2026-03-05T01:00:00Z",
    updated_at: "2026-03-05T01:00:00Z",
    ended_at: null,
    version: 3,
    task: 1,
    ...change,
  };
}

function cell(name: string, entities: string[]): CellMeta {
  return {
    cell: name,
    label: name.toUpperCase(),
    approval: {
      path: `/api/v1/${name}/_approvals`,
      entities: Object.fromEntries(entities.map((key) => [key, { label: key }])),
    },
  } as unknown as CellMeta;
}

describe("the inbox of all cells", () => {
  it("joins the boxes of the cells, newest first, and says whose each row is", async () => {
    const rows: Record<string, { id: string }[]> = {
      "/api/v1/crm/_approvals": [{ id: "5" }, { id: "1" }],
      "/api/v1/erp/_approvals": [{ id: "4" }],
    };
    const get = vi.fn((path: string) => Promise.resolve({ items: rows[path], next: null }));
    const query = { box: "todo", entity: "", byDue: false } as const;
    const box = openBox([cell("crm", []), cell("erp", []), { cell: "mes" } as CellMeta], query, {
      get,
    } as unknown as ApiClient);
    expect((await box.more(10)).map((item) => `${item.cell}${item.id}`)).toEqual(["crm5", "erp4", "crm1"]);
    expect(get).toHaveBeenCalledTimes(2);
  });

  it("asks only the cell that has the chosen kind of document", async () => {
    const get = vi.fn(() => Promise.resolve({ items: [], next: null }));
    const cells = [cell("crm", ["crm.quote"]), cell("erp", ["erp.order"])];
    await openBox(cells, { box: "todo", entity: "erp.order", byDue: true }, { get } as unknown as ApiClient).more(1);
    expect(get).toHaveBeenCalledExactlyOnceWith("/api/v1/erp/_approvals", {
      query: { box: "todo", entity: "erp.order", sort: "due_at", limit: 30, cursor: null },
    });
    expect(approvedEntities(cells).map((group) => group.items.map((item) => item.key))).toEqual([
      ["crm.quote"],
      ["erp.order"],
    ]);
  });

  it("puts what is due first on top and what is never due at the end", () => {
    const rows = [
      approval({ id: "a", due_at: null }),
      approval({ id: "b", due_at: "2026-03-07T00:00:00Z" }),
      approval({ id: "c", due_at: "2026-03-06T00:00:00Z" }),
    ];
    expect(rows.sort(dueFirst).map((item) => item.id)).toEqual(["c", "b", "a"]);
  });

  it("lets only tasks of judging be judged in the list", () => {
    expect(isJudged(approval({}))).toBe(true);
    expect(isJudged(approval({ step: { key: "start", name: "退回" } }))).toBe(false);
    expect(isJudged(approval({ status: "approved" }))).toBe(false);
  });
});

describe("deciding", () => {
  it("names the task and the version that was seen", async () => {
    const post = vi.fn(() => Promise.resolve());
    await decide(approval({}), "reject", "  太贵 ", { api: { post } as unknown as ApiClient, requestId: "r" });
    expect(post).toHaveBeenCalledExactlyOnceWith(
      "/api/v1/crm/_approvals/1/reject",
      { comment: "太贵", task: 1, version: 3 },
      { requestId: "r" },
    );
  });

  it("reports each of a batch: one that is refused leaves the others done", async () => {
    const conflict = new ApiError(409, { code: "CONFLICT", message: "changed", requestId: "x" });
    const one = vi.fn((item: Approval) => (item.id === "3" ? Promise.reject(conflict) : Promise.resolve()));
    const steps: number[] = [];
    const items = ["1", "2", "3", "4", "5", "6"].map((id) => approval({ id }));
    const report = await decideAll(items, "approve", "", (done) => steps.push(done), one);
    expect(report.done.map((item) => item.id).sort()).toEqual(["1", "2", "4", "5", "6"]);
    expect(report.failed).toEqual([{ item: items[2], error: conflict }]);
    expect(steps.at(-1)).toBe(6);
  });
});
