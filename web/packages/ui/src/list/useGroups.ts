import { ref, shallowReactive, shallowRef, type Ref } from "vue";

import { listPage, useApi, type EntityMeta, type Filter, type Page, type Row } from "@superpaas/api";

import type { GridItem, RowItem } from "../grid/types.ts";
import { allOf } from "./merging.ts";
import type { RowsQuery } from "./useRows.ts";

/** A group as `…/_groups` tells of it; `key` has a value for each level down to it. */
export interface GroupInfo {
  key: unknown[];
  labels: (string | null)[];
  count: number;
  sums: Record<string, string>;
  filter: Filter;
}

export interface Totals {
  count: number;
  sums: Record<string, string>;
}

interface Answer {
  items: GroupInfo[];
  total: Totals;
  truncated: boolean;
}

const PAGE = 50;

export interface Groups {
  infos: Ref<readonly GroupInfo[]>;
  total: Ref<Totals | null>;
  truncated: Ref<boolean>;
  open: Set<string>;
  load: (by: readonly string[], sums: readonly string[], query: RowsQuery) => Promise<void>;
  toggle: (key: string) => Promise<void>;
  more: (key: string) => Promise<void>;
  lines: (depth: number, texts: GroupTexts, item: (row: Row, level: number) => RowItem) => GridItem[];
}

export interface GroupTexts {
  empty: string;
  more: (left: number) => string;
  /** Sums as the columns show them. */
  sums: (sums: Record<string, string>) => Record<string, string>;
}

/** A list in groups: their headings come at once, the rows of each when it is opened. */
export function useGroups(entity: EntityMeta): Groups {
  const infos = shallowRef<readonly GroupInfo[]>([]);
  const total = shallowRef<Totals | null>(null);
  const truncated = ref(false);
  const open = shallowReactive(new Set<string>());
  const pages = shallowReactive(new Map<string, Page<Row>>());
  let asked: RowsQuery | null = null;

  async function load(by: readonly string[], sums: readonly string[], query: RowsQuery): Promise<void> {
    asked = query;
    const found = await readGroups(entity, by, sums, query);
    if (asked !== query) return;
    infos.value = found.items;
    total.value = found.total;
    truncated.value = found.truncated;
    pages.clear();
    const there = new Set(found.items.map(keyOf));
    for (const key of open) if (!there.has(key)) open.delete(key);
    await Promise.all([...open].filter((key) => depthOf(key) === by.length).map((key) => read(key, null)));
  }

  async function toggle(key: string): Promise<void> {
    if (open.delete(key)) return;
    open.add(key);
    const info = infos.value.find((item) => keyOf(item) === key);
    if (info !== undefined && isLeaf(info) && !pages.has(key)) await read(key, null);
  }

  async function more(key: string): Promise<void> {
    const group = key.replace(/^more:/, "");
    await read(group, pages.get(group)?.next ?? null);
  }

  async function read(key: string, cursor: string | null): Promise<void> {
    const info = infos.value.find((item) => keyOf(item) === key);
    if (info === undefined || asked === null) return;
    const filter = allOf(asked.filter, info.filter);
    const page = await listPage<Row>(useApi(), entity.path, { ...asked, filter, limit: PAGE, cursor });
    const before = cursor === null ? [] : (pages.get(key)?.items ?? []);
    pages.set(key, { ...page, items: [...before, ...page.items] });
  }

  function isLeaf(info: GroupInfo): boolean {
    return !infos.value.some((item) => item.key.length === info.key.length + 1 && startsWith(item.key, info.key));
  }

  function lines(depth: number, texts: GroupTexts, item: (row: Row, level: number) => RowItem): GridItem[] {
    const found: GridItem[] = [];
    for (const info of infos.value) {
      const key = keyOf(info);
      if (!visible(info)) continue;
      const level = info.key.length - 1;
      const label = info.labels.at(-1) ?? "";
      const isOpen = open.has(key);
      found.push({ key, kind: "group", level, label: label === "" ? texts.empty : label, count: info.count, open: isOpen, sums: texts.sums(info.sums) });
      if (!isOpen || info.key.length < depth) continue;
      const page = pages.get(key);
      for (const row of page?.items ?? []) found.push(item(row, level + 1));
      const left = info.count - (page?.items.length ?? 0);
      if (page !== undefined && page.next !== null) {
        found.push({ key: `more:${key}`, kind: "more", level: level + 1, label: texts.more(left) });
      }
    }
    return found;
  }

  /** A group is seen when all above it are open. */
  function visible(info: GroupInfo): boolean {
    for (let depth = 1; depth < info.key.length; depth += 1) {
      if (!open.has(keyText(info.key.slice(0, depth)))) return false;
    }
    return true;
  }

  return { infos, total, truncated, open, load, toggle, more, lines };
}

/** Groups and totals; without `by` the totals alone. */
export function readGroups(
  entity: EntityMeta,
  by: readonly string[],
  sums: readonly string[],
  query: Pick<RowsQuery, "q" | "filter">,
): Promise<Answer> {
  return useApi().get<Answer>(`${entity.path}/_groups`, {
    query: {
      by: by.join(","),
      sum: sums.join(","),
      q: query.q.trim(),
      filter: Object.keys(query.filter).length === 0 ? undefined : JSON.stringify(query.filter),
    },
  });
}

function keyOf(info: GroupInfo): string {
  return keyText(info.key);
}

function keyText(key: readonly unknown[]): string {
  return `group:${JSON.stringify(key)}`;
}

function depthOf(key: string): number {
  return (JSON.parse(key.slice("group:".length)) as unknown[]).length;
}

function startsWith(key: readonly unknown[], first: readonly unknown[]): boolean {
  return first.every((part, place) => JSON.stringify(part) === JSON.stringify(key[place]));
}
