import { describe, expect, it, vi } from "vitest";

import type { ApiClient, CellMeta } from "@superpaas/api";

import { differ, readSessions, shared, writePreferences, type CellPreferences, type NoticePreferences } from "./account.ts";

const usual: NoticePreferences = { channels: {}, kinds: {}, quiet: null, digest: "immediate", digest_at: "09:00", email: null };

describe("my own settings", () => {
  it("put the session in use first", async () => {
    const items = [{ id: "a", current: false }, { id: "b", current: true }];
    const found = await readSessions({ get: () => Promise.resolve({ items }) } as unknown as ApiClient);
    expect(found.map((item) => item.id)).toEqual(["b", "a"]);
  });

  it("are one set for all applications", () => {
    const all: CellPreferences[] = [
      { cell: "crm", value: usual },
      { cell: "erp", value: { ...usual, email: "a@b.cn", digest: "daily" } },
    ];
    expect(shared(all)).toMatchObject({ email: "a@b.cn", digest: "daily" });
    expect(differ(all)).toBe(true);
    expect(differ([all[0]!])).toBe(false);
  });

  it("are written to every application that has answered, and leave what each has by kinds", async () => {
    const put = vi.fn((_path: string, body: NoticePreferences) => Promise.resolve(body));
    const cells = ["crm", "erp"].map((cell) => ({
      cell,
      notifications: { inbox: "", preferences: `/api/v1/${cell}/_notifications/preferences` },
    })) as unknown as CellMeta[];
    const kinds = { "crm.*": { email: false } };
    const chosen = { ...shared([]), email: "", digest: "hourly" as const };
    await writePreferences(cells, [{ cell: "crm", value: { ...usual, kinds } }], chosen, { put } as unknown as ApiClient);
    expect(put).toHaveBeenCalledExactlyOnceWith("/api/v1/crm/_notifications/preferences", {
      ...usual,
      kinds,
      digest: "hourly",
      email: null,
    });
  });
});
