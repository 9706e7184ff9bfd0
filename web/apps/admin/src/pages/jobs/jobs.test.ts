import { describe, expect, it } from "vitest";

import type { OfCell } from "../../running/cells.ts";
import { isCron, jobsOf, mayCancel, mayRetry, percentOf, tookOf, type CellJobs, type Job } from "./jobs.ts";

function job(id: string, createdAt: string): Job {
  return {
    id, name: "n", label: "N", state: "running", state_label: "", schedule: null, result: null, error: null, attempts: 1, failures: 0,
    progress: { done: 1, total: 3, note: null }, asked_by: null, created_at: createdAt, run_at: createdAt, started_at: createdAt,
    finished_at: null, cancel_asked_at: null,
  };
}

describe("jobs of all cells", () => {
  const answers: OfCell<CellJobs>[] = [
    { cell: "crm", label: { zh: "", en: "" }, value: { jobs: [job("1", "2026-01-01T00:00:00Z")], schedules: [], more: false }, failure: null },
    { cell: "erp", label: { zh: "", en: "" }, value: { jobs: [job("1", "2026-01-02T00:00:00Z")], schedules: [], more: false }, failure: null },
    { cell: "oa", label: { zh: "", en: "" }, value: null, failure: new Error("stopped") },
  ];

  it("come together, the newest first, told apart by their cell", () => {
    expect(jobsOf(answers, "").map((item) => item.key)).toEqual(["erp/1", "crm/1"]);
    expect(jobsOf(answers, "crm").map((item) => item.key)).toEqual(["crm/1"]);
  });

  it("tell how far they are only where they know", () => {
    const one = job("1", "2026-01-01T00:00:00Z");
    expect(percentOf(one)).toBe(33);
    expect(percentOf({ ...one, progress: { done: 5, total: 0, note: null } })).toBeNull();
    expect(percentOf({ ...one, state: "succeeded", progress: { done: null, total: null, note: null } })).toBe(100);
    expect(tookOf(one, Date.parse("2026-01-01T00:01:00Z"))).toBe(60);
  });

  it("may be cancelled while open and once, run again when ended badly", () => {
    const one = job("1", "2026-01-01T00:00:00Z");
    expect(mayCancel(one)).toBe(true);
    expect(mayCancel({ ...one, cancel_asked_at: "2026-01-01T00:00:00Z" })).toBe(false);
    expect(mayRetry({ state: "failed" })).toBe(true);
    expect(mayRetry({ state: "succeeded" })).toBe(false);
  });

  it("run by expressions of five fields", () => {
    expect(isCron("0 8 * * 1-5")).toBe(true);
    expect(isCron("0 8 * *")).toBe(false);
    expect(isCron("0 8 * * ;rm")).toBe(false);
  });
});
