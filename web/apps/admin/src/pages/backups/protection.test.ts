import { describe, expect, it } from "vitest";

import { endedBetween, pointVerdict, testVerdict } from "./protection.ts";
import type { Backup, Backups, RestoreTest } from "./types.ts";

const schedule = { at: "02:30", keep: 7, test_every_days: 7 };
const test: RestoreTest = { id: "b1", at: "2026-11-01T03:00:00Z", holds: true, problems: [], seconds: 9, restore_seconds: 5, actor: "schedule" };
const backup = { id: "b1", verified: null } as unknown as Backup;

function state(change: Partial<Backups>): Backups {
  return {
    folder: "/b",
    schedule,
    running: null,
    last_failure: null,
    last_test: null,
    recovery: { point_seconds: null, time_seconds: null },
    items: [],
    ...change,
  };
}

describe("protection", () => {
  it("is red without a backup and with one that is too old", () => {
    expect(pointVerdict(null, schedule)).toEqual({ light: "red", reason: "never" });
    expect(pointVerdict(26 * 3600 + 1, schedule).light).toBe("red");
    expect(pointVerdict(26 * 3600, schedule)).toEqual({ light: "green", reason: "fresh" });
  });

  it("warns where no backup will follow", () => {
    expect(pointVerdict(60, { ...schedule, at: "off" })).toEqual({ light: "yellow", reason: "off" });
  });

  it("tells a test that failed from one that is long ago", () => {
    const at = Date.parse(test.at);
    expect(testVerdict(null, schedule, at).reason).toBe("never");
    expect(testVerdict({ ...test, holds: false }, schedule, at).light).toBe("red");
    expect(testVerdict(test, schedule, at + 8 * 86_400_000).reason).toBe("holds");
    expect(testVerdict(test, schedule, at + 8 * 86_400_000 + 1000).reason).toBe("old");
    expect(testVerdict(test, { ...schedule, test_every_days: 0 }, at + 90 * 86_400_000).reason).toBe("holds");
  });
});

describe("what was under way", () => {
  const running = { what: "backup" as const, id: "b1", actor: "a", at: "2026-11-01T02:30:00Z" };

  it("goes on as long as it is told", () => {
    expect(endedBetween(null, state({}))).toBeNull();
    expect(endedBetween(state({ running }), state({ running }))).toBeNull();
  });

  it("has made a backup or none", () => {
    expect(endedBetween(state({ running }), state({ items: [backup] }))).toEqual({ what: "backup", good: true });
    expect(endedBetween(state({ running }), state({}))).toEqual({ what: "backup", good: false });
  });

  it("counts a test only when it is the new one", () => {
    const before = state({ running: { ...running, what: "verify" } });
    expect(endedBetween(before, state({ items: [{ ...backup, verified: test }] }))?.good).toBe(true);
    const old = { ...test, at: "2026-10-01T00:00:00Z" };
    expect(endedBetween(before, state({ items: [{ ...backup, verified: old }] }))?.good).toBe(false);
  });
});
