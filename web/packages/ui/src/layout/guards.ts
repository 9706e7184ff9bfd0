import type { Router, RouteRecordRaw } from "vue-router";

import { useSession } from "@superpaas/api";

declare module "vue-router" {
  interface RouteMeta {
    /** Needs no session. */
    open?: boolean;
    /** Shown without menu and header. */
    bare?: boolean;
    /** The name of a text: the title of the window. */
    title?: string;
    /** Whoever has none of these sees the page of missing permission. */
    needs?: string[];
    /** Only for users of the operator's tenant. */
    operator?: boolean;
  }
}

/** The pages that both apps have. */
export const SIGN_IN_ROUTES: RouteRecordRaw[] = [
  {
    path: "/login",
    name: "login",
    meta: { open: true, bare: true, title: "layout.signIn.title" },
    component: () => import("./signin/LoginPage.vue"),
  },
  {
    path: "/password",
    name: "password",
    meta: { bare: true, title: "layout.password.title" },
    component: () => import("./signin/PasswordPage.vue"),
  },
];

export const NOT_FOUND_ROUTE: RouteRecordRaw = {
  path: "/:path(.*)*",
  name: "not-found",
  component: () => import("../feedback/ErrorPage.vue"),
  props: { kind: "not-found" },
};

/** A path of this app; anything else, which a link from elsewhere may carry, leads home. */
export function localPath(wanted: unknown): string {
  if (typeof wanted !== "string" || !/^\/(?![/\\])/.test(wanted)) return "/";
  return /^\/login(?![\w-])/.test(wanted) ? "/" : wanted;
}

/** Nobody sees a page without a session, nor any other page before a password that has to be changed. */
export function guard(router: Router): void {
  router.beforeEach(async (to) => {
    const session = useSession();
    if (session.state === "unknown") await session.resume();
    if (session.state === "signed-out") {
      if (to.meta.open === true) return true;
      const query = to.fullPath === "/" ? {} : { next: to.fullPath };
      return { name: "login", query };
    }
    if (session.state === "password-change") {
      if (to.name === "password") return true;
      return { name: "password", query: to.name === "login" || to.fullPath === "/" ? {} : { next: to.fullPath } };
    }
    if (to.name === "login") return localPath(to.query["next"]);
    return true;
  });
}

/** Whether one of the needed permissions is held (none needed is enough), and a page of the operator is opened by him. */
export function isPermitted(needs: readonly string[] | undefined, operator = false): boolean {
  const session = useSession();
  if (operator && session.me?.isOperator !== true) return false;
  return needs === undefined || needs.length === 0 || needs.some((permission) => session.can(permission));
}
