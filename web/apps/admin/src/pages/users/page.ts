import { User } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/users",
  section: "people",
  order: 20,
  icon: User,
  needs: ["identity.user.read"],
  component: () => import("./UsersPage.vue"),
};

export default page;
