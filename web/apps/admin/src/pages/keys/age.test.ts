import { describe, expect, it } from "vitest";

import { ageInDays, isYoung } from "./age.ts";

const NOW = Date.parse("2026-11-22T10:00:00Z");

describe("the age of a key", () => {
  it("is told in whole days, and never below none", () => {
    expect(ageInDays("2026-11-20T11:00:00Z", NOW)).toBe(1);
    expect(ageInDays("2026-11-23T11:00:00Z", NOW)).toBe(0);
    expect(ageInDays(null, NOW)).toBeNull();
  });

  it("is too young for ten minutes", () => {
    expect(isYoung("2026-11-22T09:51:00Z", NOW)).toBe(true);
    expect(isYoung("2026-11-22T09:49:00Z", NOW)).toBe(false);
  });
});
