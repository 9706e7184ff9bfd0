import { FolderChecked } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/backups",
  section: "system",
  order: 20,
  icon: FolderChecked,
  needs: ["platform.monitor.read", "platform.governance.read"],
  operator: true,
  component: () => import("./BackupsPage.vue"),
};

export default page;
