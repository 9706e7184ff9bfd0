import { Box } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/packages",
  section: "platform",
  order: 50,
  icon: Box,
  needs: ["platform.identity.package.read"],
  operator: true,
  component: () => import("./PackagesPage.vue"),
};

export default page;
