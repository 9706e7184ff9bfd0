export { default as DashboardBoard } from "./DashboardBoard.vue";
