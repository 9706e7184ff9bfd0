export { default as GanttBoard } from "./GanttBoard.vue";
