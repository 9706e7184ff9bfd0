import { createRouter, createWebHistory } from "vue-router";

import { NOT_FOUND_ROUTE, SIGN_IN_ROUTES } from "@superpaas/ui/layout";

import { pageRoutes } from "./pages.ts";

export const router = createRouter({
  history: createWebHistory(),
  routes: [...SIGN_IN_ROUTES, ...pageRoutes(), NOT_FOUND_ROUTE],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});
