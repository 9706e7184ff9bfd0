import { Setting } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/configuration",
  section: "system",
  order: 10,
  icon: Setting,
  needs: ["platform.governance.read"],
  operator: true,
  component: () => import("./ConfigurationPage.vue"),
};

export default page;
