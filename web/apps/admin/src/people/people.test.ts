import { describe, expect, it } from "vitest";

import { ApiError } from "@superpaas/api";

import { credentialLines } from "./credentials.ts";
import { branchesOf, pathName, whyNotBelow, withBelow } from "./departments.ts";
import { isShownBeside, problemsByField } from "./problems.ts";
import type { Department } from "./types.ts";
import { wordIn } from "./words.ts";

function department(id: string, parent: string | null, path: string, order = 0): Department {
  return { id, parent_id: parent, name: id.toUpperCase(), path, leader_id: null, sort_order: order, version: 1 };
}

const TREE = [
  department("a", null, "/a/"),
  department("b", "a", "/a/b/", 2),
  department("c", "a", "/a/c/", 1),
  department("d", "b", "/a/b/d/"),
  department("lost", "gone", "/gone/lost/"),
];

describe("departments", () => {
  it("are a tree in their order, and none is lost", () => {
    const [first, second] = branchesOf(TREE);
    expect(first?.children.map((child) => child.id)).toEqual(["c", "b"]);
    expect(second?.id).toBe("lost");
  });

  it("have the names of all above them", () => {
    expect(pathName("d", TREE)).toBe("A / B / D");
    expect(pathName(null, TREE)).toBe("");
  });

  it("are never moved below themselves, nor to where they are", () => {
    expect(withBelow("b", TREE)).toEqual(new Set(["b", "d"]));
    expect(whyNotBelow("b", "d", TREE)).toBe("below");
    expect(whyNotBelow("b", "b", TREE)).toBe("self");
    expect(whyNotBelow("b", "a", TREE)).toBe("same");
    expect(whyNotBelow("a", null, TREE)).toBe("same");
    expect(whyNotBelow("d", "c", TREE)).toBeNull();
    expect(whyNotBelow("b", null, TREE)).toBeNull();
  });
});

describe("refusals", () => {
  const refused = new ApiError(422, {
    code: "VALIDATION_FAILED",
    message: "",
    requestId: "r",
    details: [
      { field: "administrator.password", rule: "weak", message: "too short" },
      { field: "administrator.password", rule: "weak", message: "one class" },
      { field: "nowhere", rule: "x", message: "else" },
    ],
  });

  it("stand beside their fields, all of them", () => {
    const found = problemsByField(refused, ["code", "administrator.password"]);
    expect(found["administrator.password"]).toBe("too short；one class");
    expect(isShownBeside(found)).toBe(false);
    expect(isShownBeside(problemsByField(refused, ["administrator", "nowhere"]))).toBe(true);
  });

  it("of another kind have no place", () => {
    expect(isShownBeside(problemsByField(new Error("x"), ["code"]))).toBe(false);
  });
});

describe("words", () => {
  it("are in the page's language, or in the one there is", () => {
    expect(wordIn({ zh: "用户", en: "Users" }, "en-US")).toBe("Users");
    expect(wordIn({ zh: "用户" }, "en-US")).toBe("用户");
    expect(wordIn(null, "zh-CN")).toBe("");
  });
});

describe("credentials", () => {
  it("are copied bare when there is one, in columns when there are several", () => {
    const one = { username: "li", name: "李强", password: "P-1" };
    expect(credentialLines([one])).toBe("P-1");
    expect(credentialLines([one, { ...one, username: "wu" }])).toBe("li\t李强\tP-1\nwu\t李强\tP-1");
  });
});
