import { School } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/tenants",
  section: "platform",
  order: 40,
  icon: School,
  needs: ["platform.identity.tenant.read"],
  operator: true,
  component: () => import("./TenantsPage.vue"),
};

export default page;
