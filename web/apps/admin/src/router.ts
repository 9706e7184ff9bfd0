import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";

import { NOT_FOUND_ROUTE, SIGN_IN_ROUTES } from "@superpaas/ui/layout";

import { firstPage, pageRoutes } from "./pages.ts";

// Not a redirection: whoever is not signed in is led to the login before it is asked where he may go.
const BEGINNING: RouteRecordRaw = {
  path: "/",
  name: "beginning",
  beforeEnter: () => firstPage(),
  component: () => import("./pages/account/AccountPage.vue"),
};

export const router = createRouter({
  history: createWebHistory(),
  routes: [...SIGN_IN_ROUTES, BEGINNING, ...pageRoutes(), NOT_FOUND_ROUTE],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});
