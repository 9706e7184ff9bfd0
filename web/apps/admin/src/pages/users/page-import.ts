import type { ConsolePage } from "../../pages.ts";

const page: ConsolePage = {
  path: "/users/import",
  section: "people",
  order: 21,
  hidden: true,
  needs: ["identity.user.import"],
  component: () => import("./ImportPage.vue"),
};

export default page;
