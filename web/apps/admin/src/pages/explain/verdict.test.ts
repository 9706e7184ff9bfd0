import { describe, expect, it } from "vitest";

import { detailLines, firstRefusal, placeOf, type Verdict } from "./verdict.ts";

describe("the details of a check", () => {
  it("are told by names, and nothing of what is empty", () => {
    const lines = detailLines({ scope: "department", departments: [{ id: "1", name: "总部" }, { id: "2", name: "销售部" }], roles: ["sales"], department_id: null, none: [] });
    expect(lines).toEqual([
      { key: "scope", text: "department" },
      { key: "departments", text: "总部、销售部" },
      { key: "roles", text: "sales" },
    ]);
  });
});

describe("a verdict", () => {
  const verdict: Verdict = {
    allowed: false,
    outcome: "FORBIDDEN",
    status: 403,
    checks: [
      { check: "user", passed: true, reason: "", details: {} },
      { check: "permission", passed: false, reason: "no", details: {} },
      { check: "scope", passed: false, reason: "no", details: {} },
    ],
  };

  it("names what refuses first", () => {
    expect(firstRefusal(verdict)?.check).toBe("permission");
    expect(firstRefusal({ ...verdict, checks: [] })).toBeUndefined();
  });

  it("leads to where it can be changed", () => {
    expect(placeOf("permission")).toBe("/roles");
    expect(placeOf("tenant")).toBeNull();
  });
});
