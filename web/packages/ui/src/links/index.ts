export { default as LinkedPanel } from "./LinkedPanel.vue";
