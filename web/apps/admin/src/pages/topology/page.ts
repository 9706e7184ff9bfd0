import { Share } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/topology",
  section: "run",
  order: 30,
  icon: Share,
  needs: ["platform.monitor.read"],
  operator: true,
  component: () => import("./TopologyPage.vue"),
};

export default page;
