import { defineAsyncComponent } from "vue";

import { SkeletonPage } from "../feedback/index.ts";

/** Loaded when somebody scans: nobody else needs the database and the reader. */
export const ScanPage = defineAsyncComponent({
  loader: () => import("./ScanPage.vue"),
  loadingComponent: SkeletonPage,
  delay: 80,
  suspensible: false,
});
export { ScanDetector, type Typed } from "./detector.ts";
