import { describe, expect, it } from "vitest";

import { assigned, byColumn, canUndo, fileProblem, missingFields, progressOf, sizeText, stepOf } from "./rules.ts";
import type { ImportJob, ImportLine, TargetField } from "./types.ts";

function job(name: string, state: ImportJob["state"], done: number | null = null, total: number | null = null): ImportJob {
  return { id: "j", name, state, state_label: "", done, total, error: null };
}

function line(over: Partial<ImportLine>): ImportLine {
  return { state: "uploaded", created: 0, undone: 0, job: null, ...over } as ImportLine;
}

describe("the wizard's place", () => {
  it("follows the import", () => {
    expect(stepOf(null)).toBe("upload");
    expect(stepOf(line({}))).toBe("map");
    expect(stepOf(line({ job: job("import-check", "running") }))).toBe("check");
    expect(stepOf(line({ state: "checked", job: job("import-check", "succeeded") }))).toBe("check");
    expect(stepOf(line({ state: "checked", job: job("import-commit", "failed") }))).toBe("result");
    expect(stepOf(line({ state: "committed" }))).toBe("result");
  });

  it("knows how far a job is, where it says so", () => {
    expect(progressOf(job("import-commit", "running", 333, 1000))).toBe(33);
    expect(progressOf(job("import-commit", "running"))).toBeNull();
    expect(progressOf(job("import-commit", "running", 0, 0))).toBeNull();
  });

  it("offers the undo only for what was created and is still there", () => {
    expect(canUndo(line({ state: "committed", created: 3 }))).toBe(true);
    expect(canUndo(line({ state: "committed", created: 0 }))).toBe(false);
    expect(canUndo(line({ state: "committed", created: 3, undone: 3 }))).toBe(false);
    expect(canUndo(line({ state: "committed", created: 3, job: job("import-undo", "running") }))).toBe(false);
    expect(canUndo(line({ state: "undone", created: 3 }))).toBe(false);
  });
});

describe("columns and fields", () => {
  const fields: TargetField[] = [
    { field: "name", label: "名称", kind: "text", required: true, mapped: false },
    { field: "note", label: "备注", kind: "text", required: false, mapped: false },
    { field: "lines.item_id", label: "物料", kind: "reference", required: true, mapped: false },
  ];

  it("give a field to one column only", () => {
    expect(assigned({ A: "name", B: null }, "B", "name")).toEqual({ A: null, B: "name" });
    expect(assigned({ A: "name", B: "note" }, "A", null)).toEqual({ A: null, B: "note" });
  });

  it("name the required fields that are missing, except for updates", () => {
    expect(missingFields(fields, { A: "note" }, "create").map((item) => item.field)).toEqual(["name"]);
    expect(missingFields(fields, { A: "name" }, "both")).toEqual([]);
    expect(missingFields(fields, {}, "update")).toEqual([]);
  });

  it("count problems by column, most first", () => {
    const problem = (column: string) => ({ row: 1, column, field: null, rule: "", message: "" });
    expect(byColumn([problem("甲"), problem("乙"), problem("乙")])).toEqual([
      { column: "乙", count: 2 },
      { column: "甲", count: 1 },
    ]);
  });
});

describe("files", () => {
  it("are refused before they are sent", () => {
    expect(fileProblem({ name: "客户.XLSX", size: 1 })).toBeNull();
    expect(fileProblem({ name: "客户.xls", size: 1 })).toBe("type");
    expect(fileProblem({ name: "a.csv", size: 0 })).toBe("empty");
    expect(fileProblem({ name: "a.csv", size: 64 * 1024 * 1024 + 1 })).toBe("size");
    expect(sizeText(1536)).toBe("1.5 KB");
  });
});
