export { default as PivotBoard } from "./PivotBoard.vue";
