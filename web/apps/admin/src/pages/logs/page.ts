import { Document } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/logs",
  section: "run",
  order: 70,
  icon: Document,
  needs: ["platform.monitor.read"],
  operator: true,
  component: () => import("./LogsPage.vue"),
};

export default page;
