import { describe, expect, it } from "vitest";

import { problemOf } from "../check.ts";
import { refusalOf, sizeText } from "../files.ts";
import { parseField } from "../parse.ts";
import { toneOfState } from "../tones.ts";
import { treeOf } from "../tree.ts";
import { field } from "./meta.ts";

const zone = "Asia/Shanghai";

describe("parseField", () => {
  it("reads numbers as spreadsheets write them, without losing digits", () => {
    expect(parseField(field("a", "money", { scale: 2 }), "¥1,234.50", zone)).toEqual({ ok: true, value: "1234.5" });
    expect(parseField(field("a", "decimal", { scale: 6 }), "12345678901234567.123456", zone)).toEqual({ ok: true, value: "12345678901234567.123456" });
    expect(parseField(field("a", "percent", { scale: 8 }), "15%", zone)).toEqual({ ok: true, value: "0.15" });
    expect(parseField(field("a", "integer"), "１２", zone)).toEqual({ ok: true, value: 12 });
  });

  it("refuses what would be rounded", () => {
    expect(parseField(field("a", "money", { scale: 2 }), "1.005", zone)).toEqual({ ok: false });
    expect(parseField(field("a", "money", { scale: 2 }), "1.500", zone)).toEqual({ ok: true, value: "1.5" });
    expect(parseField(field("a", "integer"), "1.5", zone)).toEqual({ ok: false });
  });

  it("reads days in the usual ways and refuses those that do not exist", () => {
    for (const text of ["2026-03-05", "2026/3/5", "2026年3月5日", "20260305"]) {
      expect(parseField(field("d", "date"), text, zone)).toEqual({ ok: true, value: "2026-03-05" });
    }
    expect(parseField(field("d", "date"), "2026-02-30", zone)).toEqual({ ok: false });
    expect(parseField(field("m", "moment"), "2026/03/05 08:00", zone)).toEqual({ ok: true, value: "2026-03-05T00:00:00Z" });
  });

  it("reads choices by value or label, flags in both languages, empty as nothing", () => {
    const options = [{ value: "goods", label: "存货" }];
    expect(parseField(field("c", "choice", { options }), "存货", zone)).toEqual({ ok: true, value: "goods" });
    expect(parseField(field("c", "choice", { options }), "无", zone)).toEqual({ ok: false });
    expect(parseField(field("f", "flag"), "是", zone)).toEqual({ ok: true, value: true });
    expect(parseField(field("f", "flag"), "no", zone)).toEqual({ ok: true, value: false });
    expect(parseField(field("t", "text"), "  ", zone)).toEqual({ ok: true, value: null });
  });
});

describe("problemOf", () => {
  const t = (key: string, named?: Record<string, unknown>): string => `${key}${JSON.stringify(named ?? {})}`;

  it("tells bounds, missing values and too long texts", () => {
    expect(problemOf(field("a", "quantity", { above: "0", scale: 6 }), "0", t)).toContain("notAbove");
    expect(problemOf(field("a", "percent", { max: "1", scale: 8 }), "1.2", t)).toContain("100%");
    expect(problemOf(field("a", "text", { required: true }), "", t)).toContain("required");
    expect(problemOf(field("a", "text", { max: 3 }), "abcd", t)).toContain("tooLong");
    expect(problemOf(field("a", "money", { scale: 2 }), "1.25", t)).toBeNull();
  });
});

describe("files", () => {
  it("are refused by size, type and number before they are sent", () => {
    const papers = field("p", "files", { max_bytes: 1000, types: ["application/pdf", "image/*", ".docx"], max_count: 2 });
    const file = (name: string, type: string, size = 10): { name: string; type: string; size: number } => ({ name, type, size });
    expect(refusalOf(papers, file("a.pdf", "application/pdf"), 0, true)).toBeNull();
    expect(refusalOf(papers, file("a.DOCX", ""), 0, true)).toBeNull();
    expect(refusalOf(papers, file("a.exe", "application/x-msdownload"), 0, true)).toBe("wrongType");
    expect(refusalOf(papers, file("a.pdf", "application/pdf", 2000), 0, true)).toBe("tooBig");
    expect(refusalOf(papers, file("a.png", "image/png"), 2, true)).toBe("tooMany");
    expect(sizeText(20 * 1024 * 1024)).toBe("20 MB");
  });
});

describe("colours and trees", () => {
  it("follow the common words of states", () => {
    const states = [{ key: "draft", label: "", editable: true, deletable: true }, { key: "sent", label: "", editable: false, deletable: false }];
    expect(["draft", "sent", "approved", "rejected", "cancelled", "approving"].map((key) => toneOfState(key, states))).toEqual(["grey", "blue", "green", "red", "grey", "orange"]);
  });

  it("make roots of departments whose upper one is not seen", () => {
    const tree = treeOf([{ id: "2", name: "b", parent_id: "1" }, { id: "3", name: "c", parent_id: "9" }, { id: "1", name: "a", parent_id: null }]);
    expect(tree.map((node) => node.value)).toEqual(["3", "1"]);
    expect(tree[1]?.children.map((node) => node.value)).toEqual(["2"]);
  });
});
