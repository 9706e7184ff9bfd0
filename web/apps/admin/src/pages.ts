import type { Component } from "vue";
import type { RouteRecordRaw } from "vue-router";

import { allows, useSession } from "@superpaas/api";
import { isPermitted, type MenuSection } from "@superpaas/ui/layout";

/** The parts of the menu, in their order; their names are the texts `sections.<key>`. */
export const SECTIONS = ["run", "platform", "people", "security", "system"] as const;

/**
 * A page of the console: `pages/<name>/page.ts` has one as its default export. Its title is the text
 * `pages.<name>.title`. Nothing else has to be changed to add a page.
 */
export interface ConsolePage {
  path: string;
  section: (typeof SECTIONS)[number];
  /** The place within the section. */
  order: number;
  icon?: Component;
  /** Any of these permissions opens it. */
  needs?: string[];
  /** Or this permission in any of the cells (`job.read`). */
  inCells?: string;
  /** Only the operator's users have use for it. */
  operator?: boolean;
  /** Not in the menu: details that are reached from another page. */
  hidden?: boolean;
  /** Give the parameters of the path as properties. */
  component: () => Promise<{ default: Component }>;
}

const files = import.meta.glob<ConsolePage>("./pages/*/page*.ts", { eager: true, import: "default" });

const pages = Object.entries(files)
  .map(([path, page]) => ({ ...page, name: nameOf(path) }))
  .sort((one, other) => one.order - other.order);

/** `./pages/users/page.ts` → `users`; `./pages/users/page-detail.ts` → `users.detail`. */
function nameOf(path: string): string {
  const [, folder = "", detail] = /^\.\/pages\/([^/]+)\/page(?:-([\w-]+))?\.ts$/.exec(path) ?? [];
  return detail === undefined ? folder : `${folder}.${detail}`;
}

/** Whether some cell gives the permission; which cells there are need not be known. */
function isHeldInACell(permission: string): boolean {
  return useSession().permissions.some((held) => allows([held], `${held.split(".")[0] === "*" ? "any" : (held.split(".")[0] ?? "")}.${permission}`));
}

export function pageRoutes(): RouteRecordRaw[] {
  return pages.map((page) => ({
    path: page.path,
    name: page.name,
    props: true,
    component: page.component,
    meta: {
      title: `pages.${page.name}.title`,
      ...(page.needs === undefined ? {} : { needs: page.needs }),
      ...(page.operator === true ? { operator: true } : {}),
    },
  }));
}

/** The first page of the menu: where the console begins. */
export function firstPage(): string {
  const seen = SECTIONS.flatMap((key) => pages.filter((page) => page.section === key && isSeen(page)));
  return seen[0]?.path ?? "/account";
}

function isSeen(page: ConsolePage): boolean {
  if (page.hidden === true || !isPermitted(page.needs, page.operator)) return false;
  return page.inCells === undefined || isHeldInACell(page.inCells);
}

/** The menu of what the user may see; reads reactive state. */
export function sectionsOf(t: (key: string) => string): MenuSection[] {
  return SECTIONS.map((key) => ({
    key,
    label: t(`sections.${key}`),
    state: "ready" as const,
    groups: [
      {
        label: t(`sections.${key}`),
        items: pages
          .filter((page) => page.section === key && isSeen(page))
          .map((page) => ({
            to: page.path,
            label: t(`pages.${page.name}.title`),
            words: page.name,
            ...(page.icon === undefined ? {} : { icon: page.icon }),
          })),
      },
    ],
  })).filter((section) => section.groups[0]?.items.length);
}
