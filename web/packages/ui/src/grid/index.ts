export { default as CellGrid } from "./CellGrid.vue";
export { readCells, writeCells } from "./clipboard.ts";
export { moved, rangeOf, reordered, resorted } from "./moving.ts";
export type { Edit, GridColumn, GridItem, GroupItem, MoreItem, Pasted, Place, RowItem, Sort } from "./types.ts";
