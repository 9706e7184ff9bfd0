import { defineAsyncComponent } from "vue";

/** Loaded when somebody scans: nobody else needs the database and the reader. */
export const ScanPage = defineAsyncComponent(() => import("./ScanPage.vue"));
export { ScanDetector, type Typed } from "./detector.ts";
