import type { RouteLocationRaw } from "vue-router";

import { pageOf, type EntityMeta, type Filter } from "@superpaas/api";

import { PLAIN_STATE, writeState } from "../list/address.ts";
import { treeOfFilter } from "../list/index.ts";

/** The list of the documents that a figure is made of. */
export function drillPage(entity: EntityMeta, filter: Filter): RouteLocationRaw {
  const tree = treeOfFilter(filter);
  // The list's own presets would narrow what a figure counts.
  const query = writeState({ ...PLAIN_STATE, view: `${entity.key}.list`, tree: tree.items.length === 0 ? null : tree, presets: [] });
  return { path: pageOf(entity), query };
}
