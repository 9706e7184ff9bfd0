import { describe, expect, it } from "vitest";

import { cellVerdict, csvOf, differencesOf, given, ownVerdict } from "./audit.ts";

describe("the differences of an entry", () => {
  it("are those that changed, whether the values come as texts or as objects", () => {
    const expected = [{ name: "name", before: "甲", after: "乙" }];
    expect(differencesOf({ name: "甲", version: 1 }, { name: "乙", version: 1 })).toEqual(expected);
    expect(differencesOf('{"name":"甲"}', '{"name":"乙"}')).toEqual(expected);
  });

  it("are all values of what is new or gone", () => {
    expect(differencesOf(null, { code: "a", tags: ["x"], empty: null })).toEqual([
      { name: "code", before: "", after: "a" },
      { name: "tags", before: "", after: '["x"]' },
    ]);
    expect(differencesOf({ code: "a" }, null)).toEqual([{ name: "code", before: "a", after: "" }]);
  });

  it("keep a text that is no JSON", () => {
    expect(differencesOf(null, "{oops")).toEqual([{ name: "", before: "", after: "{oops" }]);
  });
});

describe("the filter", () => {
  it("has only what is given", () => {
    expect(given({ user_id: "", entity: " crm.lead ", entity_id: "", action: "", request_id: "", from: "", to: "" })).toEqual({ entity: "crm.lead" });
  });
});

describe("verifying", () => {
  const head = { sequence: 5, chain_hash: "abc" };

  it("goes on until a cell has checked all", async () => {
    const asked: (string | null)[] = [];
    const steps: number[] = [];
    const verdict = await cellVerdict(
      (cursor) => {
        asked.push(cursor);
        return Promise.resolve({ holds: true, checked: cursor === null ? 3 : 2, next: cursor === null ? "c1" : null, broken: null, head, unsealed: 1 });
      },
      (checked) => steps.push(checked),
    );
    expect(asked).toEqual([null, "c1"]);
    expect(steps).toEqual([3, 5]);
    expect(verdict).toEqual({ holds: true, checked: 5, open: 1, broken: "", head: "5 · abc" });
  });

  it("stops at the first damage", async () => {
    const verdict = await cellVerdict(() => Promise.resolve({ holds: false, checked: 1, next: "c", broken: { sequence: 2, reason: "changed", id: null }, head, unsealed: 0 }), () => undefined);
    expect(verdict.holds).toBe(false);
    expect(verdict.broken).toBe("2 · changed");
  });

  it("tells identity's own state in the same words", () => {
    expect(ownVerdict({ sealed: 9, open: 0, holds: false, first_bad: "x" })).toEqual({ holds: false, checked: 9, open: 0, broken: "x", head: "" });
  });
});

describe("the export", () => {
  it("runs no formula and keeps quotation marks", () => {
    expect(csvOf([["=1+1", 'say "hi"'], ["-2", "plain"]])).toBe('"\'=1+1","say ""hi"""\r\n"\'-2","plain"');
  });
});
