import { Timer } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/jobs",
  section: "run",
  order: 90,
  icon: Timer,
  inCells: "job.read",
  component: () => import("./JobsPage.vue"),
};

export default page;
