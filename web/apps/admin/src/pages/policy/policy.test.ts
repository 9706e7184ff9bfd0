import { describe, expect, it } from "vitest";

import { changed, isWeaker, LEVEL_THREE, SETTINGS, type Policy } from "./policy.ts";

const STRICT: Policy = { ...LEVEL_THREE, version: 3 };

describe("the security policy", () => {
  it("of the third level is nowhere weaker than itself", () => {
    expect(SETTINGS.filter((name) => isWeaker(name, STRICT))).toEqual([]);
  });

  it("is weaker where something never ends, or ends later", () => {
    expect(isWeaker("password_expire_days", { ...STRICT, password_expire_days: 0 })).toBe(true);
    expect(isWeaker("password_expire_days", { ...STRICT, password_expire_days: 30 })).toBe(false);
    expect(isWeaker("session_idle_minutes", { ...STRICT, session_idle_minutes: 60 })).toBe(true);
    expect(isWeaker("password_min_length", { ...STRICT, password_min_length: 12 })).toBe(false);
    expect(isWeaker("password_must_change_first", { ...STRICT, password_must_change_first: false })).toBe(true);
  });

  it("knows what has changed, whatever its version", () => {
    expect(changed(STRICT, { ...STRICT, version: 4 })).toEqual([]);
    expect(changed(STRICT, { ...STRICT, password_history: 6 })).toEqual(["password_history"]);
  });
});
