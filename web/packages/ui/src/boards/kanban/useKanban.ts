import { ref, shallowReactive, shallowRef } from "vue";

import { decimal, listPage, useApi, useMetadata, cellOf, type DocumentRow, type EntityMeta, type FieldMeta, type Filter } from "@superpaas/api";

import { allOf } from "../../list/index.ts";
import type { View } from "../../list/index.ts";
import { columnsOf, type Column } from "./moves.ts";

const PAGE = 20;
/** More columns than these nobody looks through. */
const MOST_COLUMNS = 40;

interface Query {
  filter: Filter;
  q: string;
}

/** The columns of a board with their cards, a page at a time. */
export function useKanban(entity: EntityMeta, by: FieldMeta, sums: readonly string[], none: string) {
  const api = useApi();
  const columns = shallowRef<Column[]>([]);
  const cards = shallowReactive(new Map<unknown, DocumentRow[]>());
  const nexts = shallowReactive(new Map<unknown, string | null>());
  const ready = ref(false);
  const error = shallowRef<unknown>(null);
  let asked = 0;

  async function load(query: Query): Promise<void> {
    const mine = (asked += 1);
    error.value = null;
    try {
      const [known, groups] = await Promise.all([
        possible(),
        api.get<{ items: Parameters<typeof columnsOf>[2] }>(`${entity.path}/_groups`, {
          query: { by: by.name, sum: sums.join(","), filter: JSON.stringify(query.filter), q: query.q },
        }),
      ]);
      if (mine !== asked) return;
      columns.value = columnsOf(by, known, groups.items, none).slice(0, MOST_COLUMNS);
      await Promise.all(columns.value.filter((column) => column.count > 0).map((column) => page(column, query, null, mine)));
      for (const column of columns.value) if (column.count === 0) cards.set(column.key, []);
      ready.value = true;
    } catch (cause) {
      if (mine === asked) error.value = cause;
    }
  }

  async function page(column: Column, query: Query, cursor: string | null, mine: number): Promise<void> {
    const filter = allOf(query.filter, column.filter as Filter);
    const found = await listPage<DocumentRow>(api, entity.path, { filter, q: query.q, limit: PAGE, cursor });
    if (mine !== asked) return;
    cards.set(column.key, cursor === null ? found.items : [...(cards.get(column.key) ?? []), ...found.items]);
    nexts.set(column.key, found.next);
  }

  async function more(column: Column, query: Query): Promise<void> {
    await page(column, query, nexts.get(column.key) ?? null, asked);
  }

  /** The columns that there can be: states, choices, or the rows that the field may point at. */
  async function possible(): Promise<{ key: unknown; label: string }[]> {
    if (by.name === "state") return (entity.states ?? []).map(({ key, label }) => ({ key, label }));
    if (by.options !== undefined) return by.options.map(({ value, label }) => ({ key: value, label }));
    if (by.kind === "flag" || by.to === undefined || !["reference", "parent"].includes(by.kind)) return [];
    const metadata = useMetadata();
    const target = metadata.entityOf(by.to);
    if (target === undefined) return [];
    const found = await listPage<DocumentRow>(api, target.path, { limit: MOST_COLUMNS, sort: await sortOf(target) });
    // A service of many columns would make a board of nothing but gaps: then only those that have cards.
    if (found.next !== null) return [];
    return found.items.map((row) => ({ key: row.id, label: String(row[target.title] ?? row.number ?? row.id) }));
  }

  /** The order of another entity's rows is that of its own list. */
  async function sortOf(target: EntityMeta): Promise<string[]> {
    const { items } = await api.get<{ items: View[] }>(`/api/v1/${cellOf(target.key)}/_views`, { query: { entity: target.key } });
    const start = items.find((view) => view.default) ?? items[0];
    return (start?.settings.sort ?? []).map(({ field, descending }) => (descending ? `-${field}` : field));
  }

  /** Take a card over to another column, with the figures that it brings. */
  function place(row: DocumentRow, from: unknown, to: unknown, changed: DocumentRow): void {
    cards.set(from, (cards.get(from) ?? []).filter((one) => one.id !== row.id));
    cards.set(to, [changed, ...(cards.get(to) ?? []).filter((one) => one.id !== row.id)]);
    columns.value = columns.value.map((column) => {
      const left = column.key === from ? counted(column, row, -1) : column;
      return column.key === to ? counted(left, changed, 1) : left;
    });
  }

  function counted(column: Column, row: DocumentRow, sign: 1 | -1): Column {
    const changed = sums.map((name): [string, string] => {
      const value = decimal(row[name]);
      const before = decimal(column.sums[name]) ?? decimal("0");
      if (value === null || before === null) return [name, column.sums[name] ?? "0"];
      return [name, (sign === 1 ? before.plus(value) : before.minus(value)).toString()];
    });
    return { ...column, count: column.count + sign, sums: Object.fromEntries(changed) };
  }

  return { columns, cards, nexts, ready, error, load, more, place };
}
