import { describe, expect, it } from "vitest";

import { readCells, writeCells } from "../clipboard.ts";
import { moved, rangeOf, reordered, resorted, stepOf } from "../moving.ts";
import { pressed } from "../selecting.ts";

describe("clipboard", () => {
  it("reads what spreadsheets write: tabs, quotes, line ends in cells", () => {
    expect(readCells('a\tb\r\n"x\ty"\t"say ""hi""\nthere"\r\n')).toEqual([["a", "b"], ["x\ty", 'say "hi"\nthere']]);
    expect(readCells("")).toEqual([]);
    expect(readCells("1\t\t3")).toEqual([["1", "", "3"]]);
  });

  it("writes what reads back the same", () => {
    const cells = [["a\tb", 'q"uote'], ["line\nend", "-12.5"]];
    expect(readCells(writeCells(cells))).toEqual(cells);
  });

  it("lets no text become a formula", () => {
    expect(writeCells([["=1+1", "+cmd", "@x", "-2+3", "-2.50"]])).toBe("'=1+1\t'+cmd\t'@x\t'-2+3\t-2.50");
  });
});

describe("the keyboard's way", () => {
  const keys = ["a", "b", "c"];
  const fields = ["x", "y"];

  it("stays inside", () => {
    expect(moved(null, "down", keys, fields, 10)).toEqual({ key: "a", field: "x" });
    expect(moved({ key: "c", field: "y" }, "down", keys, fields, 10)).toEqual({ key: "c", field: "y" });
    expect(moved({ key: "a", field: "x" }, "page-down", keys, fields, 10)).toEqual({ key: "c", field: "x" });
    expect(moved({ key: "gone", field: "y" }, "down", keys, fields, 10)).toEqual({ key: "a", field: "y" });
    expect(moved(null, "down", [], fields, 10)).toBeNull();
  });

  it("knows its keys", () => {
    expect(stepOf({ key: "End", ctrlKey: true, metaKey: false })).toBe("bottom");
    expect(stepOf({ key: "c", ctrlKey: true, metaKey: false })).toBeNull();
  });

  it("spans ranges in both directions", () => {
    expect(rangeOf({ key: "c", field: "y" }, { key: "b", field: "x" }, keys, fields)).toEqual({ keys: ["b", "c"], fields: ["x", "y"] });
  });
});

describe("columns and sorts", () => {
  it("move a column before or after another", () => {
    expect(reordered(["a", "b", "c"], "a", "c", true)).toEqual(["b", "c", "a"]);
    expect(reordered(["a", "b", "c"], "c", "a", false)).toEqual(["c", "a", "b"]);
    expect(reordered(["a", "b"], "a", "a", true)).toEqual(["a", "b"]);
  });

  it("go round: ascending, descending, none; with shift beside the others", () => {
    const up = resorted([], "a", false);
    const down = resorted(up, "a", false);
    expect([up, down, resorted(down, "a", false)]).toEqual([[{ field: "a", descending: false }], [{ field: "a", descending: true }], []]);
    expect(resorted(up, "b", true)).toEqual([{ field: "a", descending: false }, { field: "b", descending: false }]);
  });
});

describe("selection", () => {
  it("takes all between with shift, and lets go likewise", () => {
    const all = ["a", "b", "c", "d"];
    const one = pressed(new Set(), "a", null, false, all);
    const many = pressed(one, "c", "a", true, all);
    expect([...many]).toEqual(["a", "b", "c"]);
    expect([...pressed(many, "b", "c", false, all)]).toEqual(["a", "c"]);
  });
});
