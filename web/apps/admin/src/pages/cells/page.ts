import { Grid } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/cells",
  section: "platform",
  order: 10,
  icon: Grid,
  needs: ["platform.governance.read"],
  operator: true,
  component: () => import("./CellsPage.vue"),
};

export default page;
