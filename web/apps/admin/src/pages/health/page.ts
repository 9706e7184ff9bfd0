import { Monitor } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/health",
  section: "run",
  order: 20,
  icon: Monitor,
  needs: ["platform.governance.read"],
  operator: true,
  component: () => import("./HealthPage.vue"),
};

export default page;
