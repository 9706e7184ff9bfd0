export { default as PrintDialog } from "./PrintDialog.vue";
export { choicesOf, type PrintChoice, type PrintListed } from "./choices.ts";
