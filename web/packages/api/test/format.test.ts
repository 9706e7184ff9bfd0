import { describe, expect, it } from "vitest";

import {
  bothFilters,
  compare,
  fileName,
  filterOf,
  filterText,
  grouped,
  momentOf,
  momentText,
  percentText,
  rounded,
  sum,
  termsOf,
  today,
  typed,
} from "../src/index.ts";

describe("decimal text", () => {
  it("is summed without loss", () => {
    expect(sum(["0.1", "0.2", null, "x", "99999999999999999.99"])).toBe("100000000000000000.29");
  });

  it("is rounded half up", () => {
    expect(rounded("2.345", 2)).toBe("2.35");
    expect(rounded("-2.345", 2)).toBe("-2.35");
  });

  it.each([
    ["1234567.8", { scale: 2 }, "1,234,567.80"],
    ["-1234.5", { scale: 2 }, "-1,234.50"],
    ["999", {}, "999"],
    ["12.500000", { least: 2 }, "12.50"],
    ["12.345600", { least: 2 }, "12.3456"],
    ["12", { least: 2 }, "12.00"],
    ["123456789012345678.12", { scale: 2 }, "123,456,789,012,345,678.12"],
    [null, {}, ""],
  ])("%s is shown as %s → %s", (text, options, expected) => {
    expect(grouped(text, options)).toBe(expected);
  });

  it.each([
    ["1,234.5", "1234.5"],
    ["１２．５", "12.5"],
    ["¥ 1 000", "1000"],
    [".5", "0.5"],
    ["-.5", "-0.5"],
    ["5.", "5"],
    ["+3", "3"],
    ["1e5", null],
    ["abc", null],
    ["12%", null],
    ["", null],
  ])("typed %s is %s", (text, expected) => {
    expect(typed(text)).toBe(expected);
  });

  it("knows shares", () => {
    expect(typed("15.5%", { percent: true })).toBe("0.155");
    expect(percentText("0.155")).toBe("15.5%");
    expect(compare("0.10", "0.1")).toBe(0);
    expect(compare("10", "9")).toBe(1);
  });
});

describe("moments", () => {
  it("are shown in the tenant's zone", () => {
    expect(momentText("2026-03-05T16:30:00Z", "Asia/Shanghai")).toBe("2026-03-06 00:30");
    expect(momentText("2026-03-05T16:30:05Z", "America/New_York", { seconds: true })).toBe("2026-03-05 11:30:05");
    expect(momentText("nonsense", "Asia/Shanghai")).toBe("");
  });

  it.each([
    ["2026-03-06 00:30", "Asia/Shanghai", "2026-03-05T16:30:00Z"],
    ["2026-07-01 12:00", "Europe/Berlin", "2026-07-01T10:00:00Z"],
    ["2026-03-29 03:30", "Europe/Berlin", "2026-03-29T01:30:00Z"],
    ["2026-02-30 10:00", "Asia/Shanghai", null],
    ["2026-02-28 24:30", "Asia/Shanghai", null],
    ["soon", "Asia/Shanghai", null],
  ])("%s in %s is %s", (text, zone, expected) => {
    expect(momentOf(text, zone)).toBe(expected);
  });

  it("have the day of the zone", () => {
    expect(today("Asia/Shanghai", new Date("2026-03-05T16:30:00Z"))).toBe("2026-03-06");
  });
});

describe("filters", () => {
  it("are taken apart and put together", () => {
    const terms = termsOf({ state: ["draft"], amount: { gte: "10", lt: "20" }, owner_id: "u1", $where: "a == 1" });
    expect(terms).toEqual([
      { field: "state", operator: "in", value: ["draft"] },
      { field: "amount", operator: "gte", value: "10" },
      { field: "amount", operator: "lt", value: "20" },
      { field: "owner_id", operator: "eq", value: "u1" },
    ]);
    expect(filterOf(terms)).toEqual({
      state: { in: ["draft"] },
      amount: { gte: "10", lt: "20" },
      owner_id: { eq: "u1" },
    });
  });

  it("join their expressions", () => {
    expect(bothFilters({ $where: "a" }, { b: 1, $where: "c" })).toEqual({ b: { eq: 1 }, $where: "(a) and (c)" });
    expect(bothFilters({ a: 1 }, {})).toEqual({ a: { eq: 1 } });
    expect(filterText({})).toBeUndefined();
  });
});

describe("names of files", () => {
  it.each([
    ['attachment; filename="a b.csv"', "a b.csv"],
    ["attachment; filename=plain.txt", "plain.txt"],
    ["attachment; filename*=UTF-8''%E5%90%88%E5%90%8C.pdf", "合同.pdf"],
    ["attachment", null],
    [null, null],
  ])("%s → %s", (header, expected) => {
    expect(fileName(header)).toBe(expected);
  });
});
