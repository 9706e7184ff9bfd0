import { MessageBox } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/dead-letters",
  section: "run",
  order: 80,
  icon: MessageBox,
  inCells: "outbox.read",
  component: () => import("./DeadLettersPage.vue"),
};

export default page;
