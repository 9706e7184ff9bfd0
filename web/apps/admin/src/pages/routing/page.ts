import { Guide } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/routes",
  section: "platform",
  order: 30,
  icon: Guide,
  needs: ["platform.governance.read"],
  operator: true,
  component: () => import("./RoutingPage.vue"),
};

export default page;
