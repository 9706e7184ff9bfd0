import { TrendCharts } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/golden-signals",
  section: "run",
  order: 40,
  icon: TrendCharts,
  needs: ["platform.monitor.read"],
  operator: true,
  component: () => import("./GoldenSignalsPage.vue"),
};

export default page;
