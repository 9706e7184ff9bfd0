import { Avatar } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/account",
  section: "system",
  order: 90,
  icon: Avatar,
  component: () => import("./AccountPage.vue"),
};

export default page;
