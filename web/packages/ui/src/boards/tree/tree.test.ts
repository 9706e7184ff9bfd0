import { describe, expect, it } from "vitest";

import type { DocumentRow } from "@superpaas/api";

import { branchesOf, mayAdopt } from "./branches.ts";

const row = (id: string, parent: string | null = null) => ({ id, version: 1, parent_id: parent }) as DocumentRow;
const CHILDREN = new Map([
  ["", [row("a"), row("b")]],
  ["a", [row("a1", "a")]],
  ["a1", []],
]);

describe("a tree", () => {
  it("shows what is open, level by level", () => {
    const shown = branchesOf(CHILDREN, new Set(["a"])).map(({ row: one, level, children }) => [one.id, level, children]);
    expect(shown).toEqual([["a", 1, "some"], ["a1", 2, "none"], ["b", 1, "unknown"]]);
  });

  it("comes to an end also where the data are a ring", () => {
    const ring = new Map([["", [row("a")]], ["a", [row("b", "a")]], ["b", [row("a", "b")]]]);
    expect(branchesOf(ring, new Set(["a", "b"])).length).toBeLessThan(5);
  });

  it("lets nothing stand below itself or where it is", () => {
    expect(mayAdopt(CHILDREN, row("a"), "a1", "parent_id")).toBe(false);
    expect(mayAdopt(CHILDREN, row("a"), "a", "parent_id")).toBe(false);
    expect(mayAdopt(CHILDREN, row("a1", "a"), "a", "parent_id")).toBe(false);
    expect(mayAdopt(CHILDREN, row("a1", "a"), "", "parent_id")).toBe(true);
    expect(mayAdopt(CHILDREN, row("b"), "a", "parent_id")).toBe(true);
  });
});
