import { describe, expect, it } from "vitest";

import { scaleOf } from "./scale.ts";
import { addressOf, isProbe, isStatus, parametersOf, searchFrom } from "./search.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");

describe("a search for requests", () => {
  it("is all in the address, without what is as usual", () => {
    const search = searchFrom({ service: "erp", status: "5xx", other: "x", path: ["a"] });
    expect(search.window).toBe("3600");
    expect(addressOf(search)).toEqual({ service: "erp", status: "5xx" });
    expect(searchFrom(addressOf({ ...search, window: "86400" })).window).toBe("86400");
  });

  it("asks for the last hour, or from and to on the tenant's clock", () => {
    expect(parametersOf(searchFrom({}), "Asia/Shanghai", NOW)).toMatchObject({ from: "2026-11-22T11:00:00.000Z", to: undefined });
    const given = searchFrom({ from: "2026-11-22 08:00", to: "2026-11-22 09:30" });
    expect(parametersOf(given, "Asia/Shanghai", NOW)).toMatchObject({ from: "2026-11-22T00:00:00Z", to: "2026-11-22T01:30:00Z" });
  });

  it("looks for a request id wherever it is", () => {
    expect(parametersOf(searchFrom({ request_id: " r-1 " }), "UTC", NOW)).toMatchObject({ request_id: "r-1", from: undefined, to: undefined });
  });

  it("knows what a status is, and a probe", () => {
    expect(["404", "5xx", "400-499"].every(isStatus)).toBe(true);
    expect(["40", "6xx", "4xx-5xx", "ok"].some(isStatus)).toBe(false);
    expect(isProbe({ path: "/health", status: 200 })).toBe(true);
    expect(isProbe({ path: "/health", status: 503 })).toBe(false);
    expect(isProbe({ path: "/api/v1/crm/health", status: 200 })).toBe(false);
  });
});

describe("the scale of a waterfall", () => {
  it("is even while something runs", () => {
    const scale = scaleOf([{ offset_ms: 0, duration_ms: 100 }, { offset_ms: 20, duration_ms: 30 }]);
    expect([scale.place(0), scale.place(20), scale.place(100)]).toEqual([0, 20, 100]);
    expect(scale.breaks).toEqual([]);
  });

  it("cuts long idleness out and tells it", () => {
    const scale = scaleOf([{ offset_ms: 0, duration_ms: 100 }, { offset_ms: 60_100, duration_ms: 100 }]);
    expect(scale.breaks.map((item) => item.millis)).toEqual([60_000]);
    expect(scale.place(100)).toBeGreaterThan(45);
    expect(scale.place(60_100)).toBeLessThan(55);
    expect(scale.place(60_200)).toBeCloseTo(100);
    expect(scale.total).toBe(60_200);
  });

  it("bears spans that took no time", () => {
    expect(scaleOf([{ offset_ms: 0, duration_ms: null }]).place(0)).toBe(0);
  });
});
