export { default as LineGrid } from "./LineGrid.vue";
