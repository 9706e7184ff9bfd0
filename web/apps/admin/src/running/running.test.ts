import { describe, expect, it } from "vitest";

import { differencesOf } from "./differences.ts";
import { bytesText, millisText, rateText, shareText, since, spanText } from "./figures.ts";
import { byLight, partsOf, toldReason } from "./lights.ts";
import { pathOf } from "./spark.ts";

describe("measurements as texts", () => {
  it("never show something as nothing", () => {
    expect(shareText(0.0001)).toBe("<0.1%");
    expect(shareText(0)).toBe("0%");
    expect(rateText(0.05)).toBe("3/min");
    expect(rateText(0.0005)).toBe("1.8/h");
    expect(rateText(null)).toBe("–");
  });

  it("take the unit that can be read", () => {
    expect([millisText(0.27), millisText(155.9), millisText(1234), millisText(90_000)]).toEqual(["0.3 ms", "156 ms", "1.23 s", "1.5 min"]);
    expect([bytesText(512), bytesText(1536), bytesText(379_834_368), bytesText(270_553_174_016)]).toEqual(["512 B", "1.5 KB", "362 MB", "252 GB"]);
    expect([rateText(2.3985), rateText(1200.4)]).toEqual(["2.4/s", "1200/s"]);
  });

  it("tell a span in two units at most", () => {
    expect(spanText(93_784, "zh-CN")).toBe("1 天 2 小时");
    expect(spanText(3600, "en-US")).toBe("1 h");
    expect(spanText(0, "en-US")).toBe("0 s");
    expect(since("2026-11-22T11:00:00Z", Date.parse("2026-11-22T11:01:30Z"))).toBe(90);
    expect(since("nonsense", 0)).toBeNull();
  });
});

describe("lights", () => {
  it("put the worst on top", () => {
    const rows = [{ name: "b", light: "green" }, { name: "a", light: "green" }, { name: "d", light: "red" }, { name: "c", light: "yellow" }];
    expect(byLight(rows).map((row) => row.name)).toEqual(["d", "c", "a", "b"]);
  });

  it("split the failed check off", () => {
    expect(partsOf("NOT_READY:database")).toEqual({ code: "NOT_READY", check: "database" });
    expect(partsOf("OK")).toEqual({ code: "OK", check: "" });
  });
});

it("a cell that was stopped on purpose says so", () => {
  expect(toldReason({ reason: "NOT_REGISTERED", stopped: true })).toBe("STOPPED_BY_OPERATOR");
  expect(toldReason({ reason: "NOT_REGISTERED", stopped: false })).toBe("NOT_REGISTERED");
  expect(toldReason({ reason: "OK", stopped: true })).toBe("OK");
});

describe("a small line", () => {
  it("leaves gaps where nothing is known", () => {
    expect(pathOf([0, 10, null, 5], 30, 11)).toBe("M0 11L10 1M30 6");
    expect(pathOf([null, null], 30, 10)).toBe("");
    expect(pathOf([0, 0], 30, 10)).toBe("M0 10L30 10");
  });
});

it("differences leave equal values out", () => {
  expect(differencesOf({ a: 1, b: null, c: "x" }, { a: 1, b: 30, d: true })).toEqual([
    { path: "b", before: null, after: 30 },
    { path: "c", before: "x", after: null },
    { path: "d", before: null, after: true },
  ]);
});
