export { default as TreeBoard } from "./TreeBoard.vue";
