import { describe, expect, it, vi } from "vitest";

import { ApiError } from "@superpaas/api";

import { openQueue } from "./queue.ts";
import type { Job, Sent } from "./work.ts";

const work = {
  cell: "erp",
  entity: "erp.delivery",
  row: "d1",
  code: "DN1",
  title: "DN1",
  settings: { codes: ["number"], action: "post" },
  parameters: {},
  shown: "",
};
const offline = new ApiError(0, { code: "NETWORK", message: "network", requestId: "" });
const done = (job: Job): Sent => ({ state: "done", reason: null, requestId: null, row: job.row, title: job.title });

let owners = 0;
function owner(): string {
  owners += 1;
  return `u${owners}`;
}

describe("the queue of scanned work", () => {
  it("sends in the order of scanning", async () => {
    const sent: string[] = [];
    const queue = openQueue({
      app: "client",
      owner: owner(),
      send: (job) => {
        sent.push(job.code);
        return Promise.resolve(done(job));
      },
    });
    await queue.add({ ...work, code: "A" });
    await queue.add({ ...work, code: "B" });
    await vi.waitFor(() => {
      expect(queue.done.value.map((job) => job.code)).toEqual(["B", "A"]);
    });
    expect(sent).toEqual(["A", "B"]);
  });

  it("keeps what cannot be sent, also over a restart, under the same request id", async () => {
    const mine = owner();
    const send = vi.fn((_job: Job): Promise<Sent> => Promise.reject(offline));
    const first = openQueue({ app: "client", owner: mine, send });
    await first.add(work);
    await vi.waitFor(() => {
      expect(first.waiting.value).toBe(true);
    });
    first.close();
    const ids: string[] = [];
    const second = openQueue({
      app: "client",
      owner: mine,
      send: (job) => {
        ids.push(job.id);
        return Promise.resolve(done(job));
      },
    });
    await second.begin();
    await vi.waitFor(() => {
      expect(second.done.value).toHaveLength(1);
    });
    expect(ids).toEqual([send.mock.calls[0]?.[0].id]);
  });

  it("stops at what cannot be sent: later work may depend on it", async () => {
    const send = vi.fn((_job: Job): Promise<Sent> => Promise.reject(offline));
    const queue = openQueue({ app: "client", owner: owner(), send });
    await queue.add({ ...work, code: "A" });
    await queue.add({ ...work, code: "B" });
    await queue.run();
    expect(new Set(send.mock.calls.map(([job]) => job.code))).toEqual(new Set(["A"]));
    expect(queue.open.value.map((job) => job.code)).toEqual(["A", "B"]);
    queue.close();
  });

  it("keeps a refusal with its reason until somebody repairs or discards it", async () => {
    const send = vi.fn((job: Job): Promise<Sent> =>
      Promise.resolve(
        job.parameters["quantity"] === 1 ? done(job) : { ...done(job), state: "refused", reason: "库存不足", requestId: "r" },
      ),
    );
    const queue = openQueue({ app: "client", owner: owner(), send });
    const first = await queue.add({ ...work, parameters: { quantity: 9 } });
    await vi.waitFor(() => {
      expect(queue.refused.value).toMatchObject([{ reason: "库存不足", requestId: "r" }]);
    });
    const [refused] = queue.refused.value;
    const second = await queue.again(refused!, { quantity: 1 });
    await vi.waitFor(() => {
      expect(queue.done.value).toHaveLength(1);
    });
    // Another request: under the old id the service would answer what it has answered before.
    expect(second.id).not.toBe(first.id);
    expect(queue.refused.value).toEqual([]);
  });

  it("shows nobody what another has scanned", async () => {
    const send = (_job: Job): Promise<Sent> => Promise.reject(offline);
    const mine = openQueue({ app: "client", owner: owner(), send });
    await mine.add(work);
    mine.close();
    const other = openQueue({ app: "client", owner: owner(), send });
    await other.begin();
    expect(other.jobs.value).toEqual([]);
  });
});
