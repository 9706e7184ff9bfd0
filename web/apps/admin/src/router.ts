import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";

const pages: RouteRecordRaw[] = [
  { path: "/", name: "overview", component: () => import("./pages/overview/OverviewPage.vue") },
];

export const router = createRouter({ history: createWebHistory(), routes: pages });
