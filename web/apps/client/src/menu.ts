import { Bell, HomeFilled, Search, Stamp } from "@element-plus/icons-vue";

import { cellOf, may, pageOf, pluralOf, useMetadata, useSession, type CellMeta, type PlatformCell } from "@superpaas/api";
import { usePreferences, type Command, type MenuGroup, type MenuItem, type MenuSection } from "@superpaas/ui/layout";

import { extensionOf } from "./cells/registry.ts";
import { useWaiting } from "./waiting/store.ts";

type Translate = (key: string, named?: Record<string, unknown>) => string;

/** The pages above the applications. */
export function topItems(t: Translate): MenuItem[] {
  const waiting = useWaiting();
  return [
    { to: "/", label: t("menu.home"), icon: HomeFilled, words: "home" },
    { to: "/inbox", label: t("menu.inbox"), icon: Stamp, words: "inbox approvals todo", badge: waiting.todo },
    { to: "/messages", label: t("menu.messages"), icon: Bell, words: "messages notifications", badge: waiting.unread },
    { to: "/search", label: t("menu.search"), icon: Search, words: "search" },
  ];
}

/** The applications that the user may enter, each with what he may read; reads reactive state. */
export function sectionsOf(t: Translate): MenuSection[] {
  const metadata = useMetadata();
  const session = useSession();
  return metadata.cells
    .filter((cell) => session.mayEnter(cell.name))
    .map((cell) => sectionOf(cell, metadata.metas.get(cell.name), metadata.failures.has(cell.name), t))
    .filter((section) => section.state !== "ready" || section.groups.length > 0);
}

function sectionOf(cell: PlatformCell, meta: CellMeta | undefined, failed: boolean, t: Translate): MenuSection {
  const metadata = useMetadata();
  const stopped = metadata.stopped(cell.name) !== undefined;
  const label = meta?.label ?? usePreferences().labelOf(cell.label) ?? cell.name;
  const reason = cell.reason ?? metadata.failures.get(cell.name)?.message;
  if (stopped || (failed && meta === undefined)) {
    return { key: cell.name, label, groups: meta ? groupsOf(meta, t) : [], state: "stopped", reason };
  }
  if (meta === undefined) return { key: cell.name, label, groups: [], state: "loading" };
  return { key: cell.name, label, groups: groupsOf(meta, t), state: "ready" };
}

function groupsOf(meta: CellMeta, t: Translate): MenuGroup[] {
  const entry = (entity: CellMeta["entities"][number]): MenuItem => ({
    to: pageOf(entity),
    label: entity.label,
    words: `${pluralOf(entity)} ${entity.key}`,
  });
  const language = usePreferences().current.language;
  const own = (extensionOf(meta.cell)?.pages ?? [])
    .filter((page) => page.permission === undefined || useSession().can(page.permission))
    .map((page) => ({
      to: `/c/${meta.cell}/-/${page.path}`,
      label: language === "en-US" ? page.label.en : page.label.zh,
      words: page.path,
    }));
  const scans = (meta.views?.scans ?? []).flatMap((scan) => {
    const entity = meta.entities.find((item) => item.key === scan.entity);
    const to = entity === undefined ? "" : `/scan/${meta.cell}/${pluralOf(entity)}/${encodeURIComponent(scan.id)}`;
    return entity === undefined ? [] : [{ to, label: scan.name, words: `scan pda ${entity.label}` }];
  });
  const documents = meta.entities.filter((entity) => entity.kind === "document" && !entity.kit).map(entry);
  const books = meta.entities.filter((entity) => entity.kind !== "document").map(entry);
  const allReports =
    meta.reporting === undefined
      ? []
      : [{ to: `/c/${meta.cell}/reports`, label: t("menu.allReports"), words: "reports analysis designer" }];
  const dashboard =
    meta.reporting === undefined
      ? []
      : [{ to: `/c/${meta.cell}/dashboard`, label: t("menu.dashboard"), words: "dashboard charts figures" }];
  const reports = meta.reports.map((report) => ({
    to: `/c/${meta.cell}/reports/${encodeURIComponent(report.name)}`,
    label: report.label,
    words: report.name,
  }));
  const settings = meta.entities.filter((entity) => entity.kit && entity.kind === "document").map(entry);
  return [
    { label: t("menu.business"), items: [...dashboard, ...own, ...documents] },
    { label: t("menu.scans"), items: scans },
    { label: t("menu.books"), items: books, folded: true },
    { label: t("menu.reports"), items: [...allReports, ...reports], folded: true },
    { label: t("menu.settings"), items: settings, folded: true },
  ].filter((group) => group.items.length > 0);
}

/** "New quote", "New order": for all that the user may make. */
export function creationCommands(t: Translate, go: (path: string) => Promise<unknown>): Command[] {
  const metadata = useMetadata();
  return metadata.ready.flatMap((cell) =>
    (metadata.metas.get(cell.name)?.entities ?? [])
      .filter((entity) => entity.kind === "document" && may(entity, "create"))
      .map((entity) => ({
        id: `new:${entity.key}`,
        title: t("menu.create", { name: entity.label }),
        group: t("layout.palette.create"),
        words: `new create ${pluralOf(entity)} ${cellOf(entity.key)}`,
        run: async () => {
          await go(`${pageOf(entity)}/new`);
        },
      })),
  );
}
