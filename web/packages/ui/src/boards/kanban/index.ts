export { default as KanbanBoard } from "./KanbanBoard.vue";
