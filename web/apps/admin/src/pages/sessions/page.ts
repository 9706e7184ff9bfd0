import { Monitor } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/sessions",
  section: "security",
  order: 20,
  icon: Monitor,
  needs: ["identity.session.read"],
  component: () => import("./SessionsPage.vue"),
};

export default page;
