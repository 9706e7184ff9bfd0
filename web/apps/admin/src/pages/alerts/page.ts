import { Bell } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/alerts",
  section: "run",
  order: 60,
  icon: Bell,
  needs: ["platform.monitor.read"],
  operator: true,
  component: () => import("./AlertsPage.vue"),
};

export default page;
