import { Connection } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/requests",
  section: "run",
  order: 50,
  icon: Connection,
  // A tenant's administrators follow their own tenant's requests.
  needs: ["platform.monitor.read", "identity.audit.read"],
  component: () => import("./RequestsPage.vue"),
};

export default page;
