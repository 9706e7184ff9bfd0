import { describe, expect, it, vi } from "vitest";

import type { ApiClient, CellMeta } from "@superpaas/api";

import { byDay, change, isApproval, isToConfirm, openNotices, readAll, targetOf, type Notice } from "./notices.ts";

function notice(change: Partial<Notice>): Notice {
  return {
    cell: "erp",
    id: "1",
    kind: "erp.order.late",
    entity: "erp.order",
    entity_id: "o",
    must_read: false,
    created_at: "2026-03-05T01:00:00Z",
    read_at: null,
    confirmed_at: null,
    archived_at: null,
    title: "订单已逾期",
    text: null,
    link: null,
    restricted: false,
    ...change,
  };
}

const cells = [
  {
    cell: "erp",
    entities: [{ key: "erp.order", path: "/api/v1/erp/orders" }],
    notifications: { inbox: "/api/v1/erp/_notifications", preferences: "" },
  },
  { cell: "mes", entities: [] },
] as unknown as CellMeta[];

describe("notices", () => {
  it("lead to their document, an approval to the inbox, and nowhere when the document may not be seen", () => {
    expect(targetOf(notice({}), cells)).toBe("/c/erp/orders/o");
    expect(targetOf(notice({ link: "/erp/approvals/a-1" }), cells)).toBe("/inbox?open=erp/a-1");
    expect(targetOf(notice({ restricted: true }), cells)).toBeNull();
    expect(targetOf(notice({ entity: "erp.gone" }), cells)).toBeNull();
    expect(targetOf(notice({ entity: null, link: "https://elsewhere.example/" }), cells)).toBeNull();
  });

  it("are asked of the cells that tell, by state", async () => {
    const get = vi.fn(() => Promise.resolve({ items: [{ id: "1" }], next: null }));
    const found = await openNotices(cells, "must-read", { get } as unknown as ApiClient).more(5);
    expect(found).toEqual([{ id: "1", cell: "erp" }]);
    expect(get).toHaveBeenCalledExactlyOnceWith("/api/v1/erp/_notifications", {
      query: { state: "must-read", limit: 30, cursor: null },
    });
  });

  it("are changed where they come from", async () => {
    const post = vi.fn((_path: string) => Promise.resolve({ ...notice({ read_at: "now" }), cell: undefined }));
    const api = { post } as unknown as ApiClient;
    expect((await change(notice({}), "read", api)).cell).toBe("erp");
    await readAll(cells, api);
    expect(post.mock.calls.map(([path]) => path)).toEqual([
      "/api/v1/erp/_notifications/1/read",
      "/api/v1/erp/_notifications/read",
    ]);
  });

  it("know what has to be confirmed, and which are approvals", () => {
    expect(isToConfirm(notice({ must_read: true }))).toBe(true);
    expect(isToConfirm(notice({ must_read: true, confirmed_at: "x" }))).toBe(false);
    expect(isApproval(notice({ kind: "crm.approval.task" }))).toBe(true);
    expect(isApproval(notice({ kind: "crm.approvals_summary" }))).toBe(false);
  });

  it("stand under their days", () => {
    const days = byDay(
      [notice({ created_at: "2026-03-05T20:00:00Z" }), notice({}), notice({ created_at: "2026-03-04T01:00:00Z" })],
      (moment) => moment.slice(0, 10),
    );
    expect(days.map(({ day, items }) => [day, items.length])).toEqual([["2026-03-05", 2], ["2026-03-04", 1]]);
  });
});
