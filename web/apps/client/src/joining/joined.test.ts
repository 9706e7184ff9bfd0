import { describe, expect, it } from "vitest";

import { Joined, newestFirst, type Source } from "./joined.ts";

interface Item {
  id: string;
}

function source(key: string, ids: string[], size: number): Source<Item> & { asked: number } {
  const made = {
    key,
    asked: 0,
    page: (cursor: string | null) => {
      made.asked += 1;
      const start = Number(cursor ?? 0);
      const items = ids.slice(start, start + size).map((id) => ({ id }));
      const end = start + size;
      return Promise.resolve({ items, next: end < ids.length ? String(end) : null });
    },
  };
  return made;
}

describe("joined lists", () => {
  it("are one list in one order, over the pages of each", async () => {
    const joined = new Joined([source("a", ["9", "6", "5", "1"], 2), source("b", ["8", "7", "2"], 1)], newestFirst);
    expect((await joined.more(4)).map((item) => item.id)).toEqual(["9", "8", "7", "6"]);
    expect(joined.complete).toBe(false);
    expect((await joined.more(10)).map((item) => item.id)).toEqual(["5", "2", "1"]);
    expect(joined.complete).toBe(true);
  });

  it("go on without one that fails, and tell which", async () => {
    const failing: Source<Item> = { key: "b", page: () => Promise.reject(new Error("stopped")) };
    const joined = new Joined([source("a", ["2", "1"], 5), failing], newestFirst);
    expect((await joined.more(5)).map((item) => item.id)).toEqual(["2", "1"]);
    expect([...joined.failures.keys()]).toEqual(["b"]);
    expect(joined.complete).toBe(true);
  });

  it("do not ask a list again that has ended", async () => {
    const only = source("a", ["1"], 5);
    const joined = new Joined([only], newestFirst);
    await joined.more(5);
    await joined.more(5);
    expect(only.asked).toBe(1);
  });

  it("pass over pages that are empty though more follows", async () => {
    const pages = [{ items: [], next: "x" }, { items: [{ id: "1" }], next: null }];
    const joined = new Joined<Item>([{ key: "a", page: () => Promise.resolve(pages.shift()!) }], newestFirst);
    expect(await joined.more(1)).toEqual([{ id: "1" }]);
    expect(joined.complete).toBe(true);
  });
});
