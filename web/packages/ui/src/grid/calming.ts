import { nextTick, toRaw } from "vue";

import type { GridItem } from "./types.ts";

/** The parts of the library's table (4.21) that are touched here; all of them are there before it is mounted. */
interface Insides {
  reactData: { tableData: GridItem[]; scrollYLoad: boolean; resizeWidthFlag: number };
  internalData: { afterFullData: GridItem[]; scrollYStore: { startIndex: number; endIndex: number } };
  handleTableData: (force?: boolean) => Promise<void>;
}

/**
 * While it settles the library measures itself some thirty times, and after each time it hands its rows, unchanged, to
 * its body once more: every cell was drawn twenty times before the first frame. Rows that are the same ones stay where
 * they are, and a width draws cells again when it has changed, not when it was looked at.
 */
export function calm(table: object): void {
  if (!isKnown(table)) return;
  const { reactData, internalData } = table;
  const give = table.handleTableData;
  table.handleTableData = (force) => {
    const { afterFullData, scrollYStore } = internalData;
    const [start, end] = reactData.scrollYLoad ? [scrollYStore.startIndex, scrollYStore.endIndex] : [0, afterFullData.length];
    return force !== true && isSlice(toRaw(reactData.tableData), toRaw(afterFullData), start, end) ? nextTick() : give(force);
  };
  // A counter of measurements, which cells read. It cannot grow, so that nobody is told; what they need is each column's width.
  reactData.resizeWidthFlag = Number.POSITIVE_INFINITY;
}

/** Whether `shown` are the rows from `start` to `end`. */
export function isSlice(shown: readonly unknown[], all: readonly unknown[], start: number, end: number): boolean {
  const from = Math.max(start, 0);
  const length = Math.max(Math.min(end, all.length) - from, 0);
  return shown.length === length && shown.every((row, place) => toRaw(row) === toRaw(all[from + place]));
}

/** Another version of the library may be built otherwise: it then only draws more often. */
function isKnown(table: object): table is Insides {
  const { reactData, internalData, handleTableData } = table as Partial<Insides>;
  return (
    typeof handleTableData === "function" &&
    Array.isArray(reactData?.tableData) &&
    typeof reactData.resizeWidthFlag === "number" &&
    internalData?.scrollYStore !== undefined
  );
}
