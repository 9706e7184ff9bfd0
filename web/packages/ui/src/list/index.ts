export { default as EntityList } from "./EntityList.vue";
export { treeOfFilter } from "./filter/read.ts";
export { compiled } from "./filter/compile.ts";
export { default as FilterBuilder } from "./filter/FilterBuilder.vue";
export type { Group as FilterTree } from "./filter/tree.ts";
export { allOf } from "./merging.ts";
export { registerViewKind, viewKind } from "./views/kinds.ts";
export type { View, ViewKind, ViewSettings } from "./views/types.ts";
