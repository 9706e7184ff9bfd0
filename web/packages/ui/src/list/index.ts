export { default as EntityList } from "./EntityList.vue";
