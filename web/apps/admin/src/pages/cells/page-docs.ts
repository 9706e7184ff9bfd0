import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/cells/:name/docs",
  section: "platform",
  order: 12,
  needs: ["platform.governance.read"],
  operator: true,
  hidden: true,
  component: () => import("./CellDocsPage.vue"),
};

export default page;
