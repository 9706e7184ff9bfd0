export { default as CalendarBoard } from "./CalendarBoard.vue";
