import { Lock } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/security-policy",
  section: "security",
  order: 30,
  icon: Lock,
  needs: ["identity.setting.read"],
  component: () => import("./PolicyPage.vue"),
};

export default page;
