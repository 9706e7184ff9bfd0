import { describe, expect, it } from "vitest";

import { ApiError } from "@superpaas/api";

import type { User } from "../../people/types.ts";
import { filterOf, forEachUser, problemsOfRefusal, stateOf } from "./users.ts";

const NOW = Date.parse("2026-11-22T10:00:00Z");

function refusal(details: unknown): ApiError {
  return new ApiError(422, { code: "VALIDATION_FAILED", message: "refused", requestId: "r", details });
}

describe("the state of a user", () => {
  it("is locked only until the lock has passed", () => {
    expect(stateOf({ is_active: true, locked_until: "2026-11-22T10:15:00Z" }, NOW)).toBe("blocked");
    expect(stateOf({ is_active: true, locked_until: "2026-11-22T09:59:00Z" }, NOW)).toBe("active");
    expect(stateOf({ is_active: true, locked_until: null }, NOW)).toBe("active");
  });

  it("is disabled whatever the lock says", () => {
    expect(stateOf({ is_active: false, locked_until: "2026-11-22T10:15:00Z" }, NOW)).toBe("disabled");
  });
});

describe("the list's filter", () => {
  it("has only what is chosen", () => {
    expect(filterOf({ department: null, role: null, state: "" })).toEqual({});
    expect(filterOf({ department: "d", role: "r", state: "inactive" })).toEqual({ within_department: "d", role_id: "r", is_active: false });
    expect(filterOf({ department: null, role: null, state: "online" })).toEqual({ is_online: true });
  });
});

describe("a batch", () => {
  const users = ["a", "b", "c"].map((name) => ({ id: name, display_name: name }) as User);

  it("goes on after a refusal and tells who was refused", async () => {
    const result = await forEachUser(users, async ({ id }) => (id === "b" ? Promise.reject(refusal({})) : Promise.resolve()));
    expect(result).toEqual({ done: 2, failed: [{ name: "b", message: "refused" }] });
  });

  it("does not hide a mistake of the page itself", async () => {
    await expect(forEachUser(users, () => Promise.reject(new TypeError("x")))).rejects.toThrow(TypeError);
  });
});

describe("a refused import", () => {
  it("tells the rows and columns", () => {
    const problems = problemsOfRefusal(refusal([{ field: "rows[3].username", rule: "taken", message: "taken" }, { field: "rows[4]", rule: "x", message: "y" }]));
    expect(problems.map(({ row, column }) => [row, column])).toEqual([[3, "username"], [4, ""]]);
  });
});
