import type { Difference } from "../../running/differences.ts";
import type { PlatformRoute, RouteTable } from "./types.ts";

/** The part of a version's path that people know: `cells.crm.timeout_seconds` → the cell and the setting. */
export function pathParts(path: string): { cell: string; setting: string } | null {
  const found = /^cells\.([^.]+)\.(\w+)$/.exec(path);
  return found === null ? null : { cell: found[1] ?? "", setting: found[2] ?? "" };
}

/** What a roll back would change: old settings come back, and cells that have come later stay as they are. */
export function rollBackPreview(toCurrent: readonly Difference[], current: RouteTable): Difference[] {
  const came = new Set(
    toCurrent
      .map((item) => ({ item, parts: pathParts(item.path) }))
      .filter(({ item, parts }) => parts?.setting === "path" && item.before === null)
      .map(({ parts }) => parts?.cell ?? ""),
  );
  return toCurrent
    .filter((item) => item.path.startsWith("cells."))
    .filter((item) => {
      const cell = pathParts(item.path)?.cell ?? "";
      return !(came.has(cell) && cell in current.cells);
    })
    .map(({ path, before, after }) => ({ path, before: after, after: before }));
}

/** Values that say nothing new: a cell that comes has its path from its name. */
export function tellingOf(items: readonly Difference[]): Difference[] {
  return items.filter((item) => item.path !== "cells" && item.before !== item.after);
}

/** The platform's own paths that contain a text, in path or service. */
export function matching(routes: readonly PlatformRoute[], text: string): PlatformRoute[] {
  const wanted = text.trim().toLowerCase();
  return wanted === "" ? [...routes] : routes.filter((route) => `${route.path} ${route.service}`.toLowerCase().includes(wanted));
}
