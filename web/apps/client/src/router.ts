import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";

const pages: RouteRecordRaw[] = [
  { path: "/", name: "home", component: () => import("./pages/home/HomePage.vue") },
  { path: "/inbox", name: "inbox", component: () => import("./pages/inbox/InboxPage.vue") },
  { path: "/messages", name: "messages", component: () => import("./pages/messages/MessagesPage.vue") },
  { path: "/me", name: "me", component: () => import("./pages/me/MePage.vue") },
  { path: "/search", name: "search", component: () => import("./pages/search/SearchPage.vue") },
  { path: "/c/:cell/reports/:name", name: "report", props: true, component: () => import("./pages/report/ReportPage.vue") },
  { path: "/c/:cell/:entity", name: "list", props: true, component: () => import("./pages/list/ListPage.vue") },
  { path: "/c/:cell/:entity/new", name: "new", props: true, component: () => import("./pages/form/FormPage.vue") },
  { path: "/c/:cell/:entity/import", name: "import", props: true, component: () => import("./pages/import/ImportPage.vue") },
  { path: "/c/:cell/:entity/:id", name: "form", props: true, component: () => import("./pages/form/FormPage.vue") },
];

export const router = createRouter({ history: createWebHistory(), routes: pages });
