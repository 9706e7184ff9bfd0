import { expect, it } from "vitest";

import type { ApiClient } from "@superpaas/api";

import { lettersOf, settle, type CellLetter } from "./letters.ts";

function letter(id: string, at: string): CellLetter {
  return {
    event_id: id, subscriber: "erp", partition_key: "p", attempts: 3, last_error: null, failed_at: at, type: "t", subject: "s",
    created_at: at, event: {}, key: `crm/${id}/erp`, cell: "crm", label: { zh: "", en: "" },
  };
}

it("letters of all cells are in one list, the latest first", () => {
  const counts = { unrouted: 0, pending: 0, retrying: 0, dead: 1, oldest: null };
  const answers = [
    { cell: "crm", label: { zh: "", en: "" }, value: { counts, letters: [letter("1", "2026-01-01")], more: false }, failure: null },
    { cell: "erp", label: { zh: "", en: "" }, value: { counts, letters: [letter("2", "2026-01-02")], more: false }, failure: null },
  ];
  expect(lettersOf(answers).map((item) => item.key)).toEqual(["erp/2/erp", "crm/1/erp"]);
});

it("they are replayed in the order in which they happened, and one refusal does not keep the others", async () => {
  const asked: [string, unknown][] = [];
  const api = {
    post: (path: string, body: unknown) => {
      asked.push([path, body]);
      return path.includes("/1/") ? Promise.reject(new Error("no")) : Promise.resolve({});
    },
  } as unknown as ApiClient;
  const outcomes = await settle(api, [letter("2", "2026-01-02"), letter("1", "2026-01-01")], "replay", "");
  expect(asked).toEqual([
    ["/api/v1/crm/_outbox/dead-letters/1/erp/replay", {}],
    ["/api/v1/crm/_outbox/dead-letters/2/erp/replay", {}],
  ]);
  expect(outcomes.map((item) => item.failure === null)).toEqual([false, true]);
});
