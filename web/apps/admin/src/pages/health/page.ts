import { Monitor } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  // Not "/health": the gateway itself answers there.
  path: "/health-board",
  section: "run",
  order: 20,
  icon: Monitor,
  needs: ["platform.governance.read"],
  operator: true,
  component: () => import("./HealthPage.vue"),
};

export default page;
