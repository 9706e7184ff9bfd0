import { Stamp } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/signing-keys",
  section: "security",
  order: 40,
  icon: Stamp,
  needs: ["platform.identity.signing-key.read"],
  operator: true,
  component: () => import("./KeysPage.vue"),
};

export default page;
