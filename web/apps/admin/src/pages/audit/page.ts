import { Tickets } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/audit",
  section: "security",
  order: 10,
  icon: Tickets,
  needs: ["identity.audit.read"],
  component: () => import("./AuditPage.vue"),
};

export default page;
