import { Key } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/roles",
  section: "people",
  order: 30,
  icon: Key,
  needs: ["identity.role.read"],
  component: () => import("./RolesPage.vue"),
};

export default page;
