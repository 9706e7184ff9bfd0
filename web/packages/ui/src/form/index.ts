export { default as EntityForm } from "./EntityForm.vue";
