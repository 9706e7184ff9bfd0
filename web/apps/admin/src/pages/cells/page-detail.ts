import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/cells/:name",
  section: "platform",
  order: 11,
  needs: ["platform.governance.read"],
  operator: true,
  hidden: true,
  component: () => import("./CellPage.vue"),
};

export default page;
