import { Odometer } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/",
  section: "run",
  order: 10,
  icon: Odometer,
  component: () => import("./OverviewPage.vue"),
};

export default page;
