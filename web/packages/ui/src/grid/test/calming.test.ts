import { nextTick, reactive, watch } from "vue";
import { describe, expect, it } from "vitest";

import { calm, isSlice } from "../calming.ts";

describe("rows that are shown", () => {
  const rows = ["a", "b", "c"].map((key) => ({ key }));

  it("are the ones asked for, or others", () => {
    expect(isSlice(rows.slice(1), rows, 1, 3)).toBe(true);
    expect(isSlice(rows.slice(1), rows, 1, 90)).toBe(true);
    expect(isSlice(rows.slice(1), rows, 0, 2)).toBe(false);
    expect(isSlice(rows.slice(0, 2), rows, 0, 3)).toBe(false);
    expect(isSlice([{ key: "a" }, ...rows.slice(1)], rows, 0, 3)).toBe(false);
    expect(isSlice([], [], 0, 1)).toBe(true);
  });
});

describe("a table of the library", () => {
  function table() {
    const rows = ["a", "b", "c"].map((key) => ({ key }));
    const made = {
      given: 0,
      reactData: reactive({ tableData: [] as { key: string }[], scrollYLoad: true, resizeWidthFlag: 1 }),
      internalData: { afterFullData: rows, scrollYStore: { startIndex: 0, endIndex: 2 } },
      handleTableData(_force?: boolean): Promise<void> {
        const { startIndex, endIndex } = made.internalData.scrollYStore;
        made.given += 1;
        made.reactData.tableData = made.internalData.afterFullData.slice(startIndex, endIndex);
        return nextTick();
      },
    };
    calm(made);
    return made;
  }

  it("gets its rows again only when they are others, or when it is told to", async () => {
    const made = table();
    await made.handleTableData();
    await made.handleTableData();
    expect(made.given).toBe(1);
    made.internalData.scrollYStore = { startIndex: 1, endIndex: 3 };
    await made.handleTableData();
    expect(made.reactData.tableData.map(({ key }) => key)).toEqual(["b", "c"]);
    await made.handleTableData(true);
    expect(made.given).toBe(3);
  });

  it("tells nobody that it has measured itself", async () => {
    const made = table();
    let drawn = 0;
    watch(() => made.reactData.resizeWidthFlag, () => { drawn += 1; });
    made.reactData.resizeWidthFlag += 1;
    await nextTick();
    expect(drawn).toBe(0);
    expect(Boolean(made.reactData.resizeWidthFlag)).toBe(true);
  });

  it("is left alone when it is built otherwise", () => {
    const other = { handleTableData: () => nextTick() };
    const before = other.handleTableData;
    calm(other);
    expect(other.handleTableData).toBe(before);
  });
});
