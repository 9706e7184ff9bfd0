import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/requests/:id",
  section: "run",
  order: 51,
  needs: ["platform.monitor.read", "identity.audit.read"],
  hidden: true,
  component: () => import("./TracePage.vue"),
};

export default page;
