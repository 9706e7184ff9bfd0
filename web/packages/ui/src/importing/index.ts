export { default as ImportWizard } from "./ImportWizard.vue";
