import { Flag } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/first-steps",
  section: "run",
  order: 95,
  icon: Flag,
  needs: ["identity.user.read", "platform.identity.tenant.read"],
  component: () => import("./FirstSteps.vue"),
};

export default page;
