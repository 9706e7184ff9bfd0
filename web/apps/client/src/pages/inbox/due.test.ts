import { describe, expect, it } from "vitest";

import { dueOf } from "./due.ts";

const now = Date.parse("2026-03-05T12:00:00Z");

describe("what is left until a task is due", () => {
  it.each([
    ["2026-03-05T12:30:00Z", { key: "soon", count: 0, late: false }],
    ["2026-03-05T15:30:00Z", { key: "hours", count: 3, late: false }],
    ["2026-03-07T11:59:00Z", { key: "hours", count: 47, late: false }],
    ["2026-03-09T12:00:00Z", { key: "days", count: 4, late: false }],
    ["2026-03-05T12:00:00Z", { key: "overdueNow", count: 0, late: true }],
    ["2026-03-05T09:00:00Z", { key: "overdueHours", count: 3, late: true }],
    ["2026-03-01T12:00:00Z", { key: "overdueDays", count: 4, late: true }],
  ])("at %s", (at, expected) => {
    expect(dueOf(at, now)).toEqual(expected);
  });

  it("is nothing where nothing is due", () => {
    expect(dueOf(null, now)).toBeNull();
    expect(dueOf("soon", now)).toBeNull();
  });
});
