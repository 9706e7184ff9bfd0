import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";

import { NOT_FOUND_ROUTE, SIGN_IN_ROUTES } from "@superpaas/ui/layout";

import { setUpCell } from "./cells/registry.ts";

const HOME: RouteRecordRaw[] = [
  { path: "/", name: "home", meta: { title: "menu.home" }, component: () => import("./pages/home/HomePage.vue") },
  { path: "/inbox", name: "inbox", meta: { title: "menu.inbox" }, component: () => import("./pages/inbox/InboxPage.vue") },
  {
    path: "/messages",
    name: "messages",
    meta: { title: "menu.messages" },
    component: () => import("./pages/messages/MessagesPage.vue"),
  },
  { path: "/me", name: "me", meta: { title: "titles.me" }, component: () => import("./pages/me/MePage.vue") },
  {
    path: "/search",
    name: "search",
    meta: { title: "menu.search" },
    component: () => import("./pages/search/SearchPage.vue"),
  },
];

/** Work with a scanner, from the scan views of the metadata; `view` is one view's id. */
const SCAN: RouteRecordRaw = {
  path: "/scan/:cell/:entity/:view?",
  name: "scan",
  props: true,
  meta: { title: "scanning.title" },
  component: () => import("./pages/scan/ScanRoute.vue"),
};

/** Every entity of every cell, from its metadata; `entity` is the word in the API's address. */
const GENERIC: RouteRecordRaw[] = [
  { path: "-/:path", name: "cell-page", component: () => import("./pages/cell/CellPage.vue") },
  { path: "dashboard", name: "dashboard", component: () => import("./pages/dashboard/DashboardPage.vue") },
  { path: "reports", name: "reports", component: () => import("./pages/report/ReportsPage.vue") },
  { path: "reports/:name", name: "report", component: () => import("./pages/report/ReportPage.vue") },
  { path: ":entity", name: "list", component: () => import("./pages/list/ListPage.vue") },
  { path: ":entity/new", name: "new", component: () => import("./pages/form/FormPage.vue") },
  { path: ":entity/import", name: "import", component: () => import("./pages/import/ImportPage.vue") },
  { path: ":entity/:id", name: "form", component: () => import("./pages/form/FormPage.vue") },
];

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    ...SIGN_IN_ROUTES,
    ...HOME,
    SCAN,
    ...GENERIC.map((route) => ({
      ...route,
      path: `/c/:cell/${route.path}`,
      props: true,
      beforeEnter: async (to: { params: Record<string, string | string[]> }) => {
        await setUpCell(String(to.params["cell"]));
      },
    }) as RouteRecordRaw),
    NOT_FOUND_ROUTE,
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});
