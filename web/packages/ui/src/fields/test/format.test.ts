import { describe, expect, it } from "vitest";

import { formatField } from "../format.ts";
import { labelBeside } from "../labels.ts";
import { field } from "./meta.ts";

describe("formatField", () => {
  it("keeps every digit of a number and groups it", () => {
    expect(formatField(field("a", "decimal", { scale: 6 }), { a: "12345678901234567.123456" }, "zh-CN")).toBe("12,345,678,901,234,567.123456");
    expect(formatField(field("a", "money", { scale: 2 }), { a: "1255.7" }, "zh-CN")).toBe("1,255.70");
    expect(formatField(field("a", "price", { scale: 6 }), { a: "3.456789" }, "zh-CN")).toBe("3.456789");
    expect(formatField(field("a", "percent"), { a: "0.155" }, "zh-CN")).toBe("15.5%");
  });

  it("shows the currency and the unit of the row", () => {
    expect(formatField(field("a", "money", { currency_field: "c" }), { a: "1000", c: "JPY" }, "zh-CN")).toBe("JPY 1,000");
    expect(formatField(field("a", "quantity", { unit_field: "u" }), { a: "2.500000", u: "kg" }, "zh-CN")).toBe("2.5 kg");
  });

  it("shows masked numbers as they come", () => {
    expect(formatField(field("a", "money"), { a: "***" }, "zh-CN")).toBe("***");
  });

  it("shows references by the label beside them", () => {
    const partner = field("partner_id", "reference", { to: "erp.partner" });
    expect(formatField(partner, { partner_id: "0199-abc", partner_label: "Bon app'" }, "zh-CN")).toBe("Bon app'");
    expect(labelBeside(field("contract_id", "external_reference", { label_field: "contract_number" }), { contract_number: "C1" })).toBe("C1");
  });

  it("shows moments on the clocks of the tenant's zone", () => {
    expect(formatField(field("m", "moment"), { m: "2026-03-05T18:30:00Z" }, "zh-CN", { zone: "Asia/Shanghai" })).toBe("2026-03-06 02:30");
  });

  it("names choices, lists and flags", () => {
    const options = [{ value: "a", label: "甲" }, { value: "b", label: "乙" }];
    expect(formatField(field("c", "choice", { options }), { c: "b" }, "zh-CN")).toBe("乙");
    expect(formatField(field("c", "choice", { options }), { c: "gone" }, "zh-CN")).toBe("gone");
    expect(formatField(field("c", "multi_choice", { options }), { c: ["a", "b"] }, "zh-CN")).toBe("甲、乙");
    expect(formatField(field("f", "flag"), { f: false }, "en-US")).toBe("No");
  });

  it("leaves hostile texts as they are: they are only ever put into the page as text", () => {
    expect(formatField(field("t", "text"), { t: "<img src=x onerror=alert(1)>" }, "zh-CN")).toBe("<img src=x onerror=alert(1)>");
  });
});
