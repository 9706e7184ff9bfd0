import { OfficeBuilding } from "@element-plus/icons-vue";

import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/organisation",
  section: "people",
  order: 10,
  icon: OfficeBuilding,
  needs: ["identity.department.read"],
  component: () => import("./OrganisationPage.vue"),
};

export default page;
