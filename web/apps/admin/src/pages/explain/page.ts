import { QuestionFilled } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/explain",
  section: "people",
  order: 40,
  icon: QuestionFilled,
  needs: ["identity.permission.read"],
  component: () => import("./ExplainPage.vue"),
};

export default page;
