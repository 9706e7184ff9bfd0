import { describe, expect, it } from "vitest";

import { evenly, rowsOf, type Sources } from "./board.ts";

const SOURCES: Sources = {
  summary: {
    status: "yellow",
    gateway: "up",
    gateway_problem: null,
    route_version: 3,
    platform: [{ name: "identity", light: "green", reason: "OK", since: null }],
    cells: [
      { name: "crm", label: { zh: "客户", en: "CRM" }, version: "1.2.0", light: "green", reason: "OK", since: null, enabled: true, instances: 1 },
      { name: "erp", label: { zh: "企业", en: "ERP" }, version: "1.1.0", light: "red", reason: "NOT_READY:database", since: null, enabled: true, instances: 1 },
    ],
  },
  services: null,
  courses: null,
  processes: [{ name: "erp", uptime_seconds: 12, restarts: 2, problem: null }],
  version: "0.1.0",
  alerts: null,
};

describe("the health board", () => {
  it("shows lights though the monitor is away, the worst first", () => {
    const rows = rowsOf(SOURCES);
    expect(rows.map((row) => row.name)).toEqual(["gateway", "identity", "erp", "crm"]);
    expect(rows.map((row) => row.version)).toEqual(["0.1.0", "0.1.0", "1.1.0", "1.2.0"]);
    expect(rows[2]).toMatchObject({ uptime: 12, restarts: 2, signals: null, reason: "NOT_READY:database" });
  });

  it("is red for a gateway that is down, yellow for one that refuses its routes", () => {
    const light = (change: Partial<Sources["summary"]>): string | undefined =>
      rowsOf({ ...SOURCES, summary: { ...SOURCES.summary, ...change } }).find((row) => row.name === "gateway")?.light;
    expect(light({ gateway: "down" })).toBe("red");
    expect(light({ gateway_problem: "listener rejected" })).toBe("yellow");
  });

  it("has gaps for minutes that nobody wrote down", () => {
    const point = (at: number, rate: number) => ({ at, request_rate: rate, error_rate: 0, error_ratio: 0 });
    expect(evenly([point(60, 1), point(240, 2)], "request_rate")).toEqual([1, null, null, 2]);
    expect(evenly([], "error_ratio")).toEqual([]);
  });
});
