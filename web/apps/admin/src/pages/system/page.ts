import { Cpu } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/system",
  section: "system",
  order: 30,
  icon: Cpu,
  needs: ["platform.monitor.read", "platform.governance.read"],
  operator: true,
  component: () => import("./SystemPage.vue"),
};

export default page;
