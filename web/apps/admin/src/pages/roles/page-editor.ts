import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/roles/:id",
  section: "people",
  order: 31,
  hidden: true,
  needs: ["identity.role.read"],
  component: () => import("./editor/RoleEditor.vue"),
};

export default page;
