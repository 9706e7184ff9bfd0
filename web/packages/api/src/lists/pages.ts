import type { ApiClient } from "../http/client.ts";
import { filterText, type Filter } from "./filters.ts";

/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** The cursor of the page that follows. */
  next: string | null;
  total: number | null;
}

export interface ListQuery {
  q?: string;
  filter?: Filter;
  /** `["-order_date", "number"]`. */
  sort?: readonly string[];
  limit?: number;
  cursor?: string | null;
  total?: boolean;
  /** Only these rows. */
  ids?: readonly string[];
}

export const PAGE_SIZES = [20, 50, 100, 200] as const;

/** A list's query as its address takes it. */
export function listParameters(query: ListQuery): Record<string, string | number | boolean | undefined> {
  return {
    q: query.q?.trim() === "" ? undefined : query.q?.trim(),
    filter: filterText(query.ids === undefined ? query.filter : { ...query.filter, id: { in: [...query.ids] } }),
    sort: query.sort === undefined || query.sort.length === 0 ? undefined : query.sort.join(","),
    limit: query.limit,
    cursor: query.cursor ?? undefined,
    total: query.total === true ? true : undefined,
  };
}

/** One page of a list. */
export async function listPage<T>(
  api: ApiClient,
  path: string,
  query: ListQuery = {},
  signal?: AbortSignal,
): Promise<Page<T>> {
  const found = await api.get<Partial<Page<T>> & { items: T[] }>(path, {
    query: listParameters(query),
    ...(signal === undefined ? {} : { signal }),
  });
  return { items: found.items, next: found.next ?? null, total: found.total ?? null };
}

/** All rows, page by page, up to a bound that the caller has to think of. */
export async function listAll<T>(
  api: ApiClient,
  path: string,
  query: Omit<ListQuery, "cursor">,
  most: number,
): Promise<{ items: T[]; complete: boolean }> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await listPage<T>(api, path, { limit: 200, ...query, cursor });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null && items.length < most);
  return { items: items.slice(0, most), complete: cursor === null && items.length <= most };
}
