import { listPage, type ApiClient, type Filter } from "@superpaas/api";

/** The list that a person came from: its conditions in the address of the form, by the names of the list's own. */
export interface Trail {
  q?: string;
  filter?: Filter;
  sort?: string[];
}

export interface Neighbours {
  previous: string | null;
  next: string | null;
  /** Counted from 1; `null` when the row is not (any more) in the list. */
  position: number | null;
  total: number | null;
}

/** Further than this nobody goes from row to row. */
const MOST_PAGES = 10;

/** The conditions in an address' query. */
export function trailOf(query: Record<string, unknown>): Trail | null {
  const trail: Trail = {};
  if (typeof query["q"] === "string" && query["q"] !== "") trail.q = query["q"];
  if (typeof query["sort"] === "string" && query["sort"] !== "") trail.sort = query["sort"].split(",");
  if (typeof query["filter"] === "string") {
    try {
      const filter: unknown = JSON.parse(query["filter"]);
      if (filter !== null && typeof filter === "object" && !Array.isArray(filter)) trail.filter = filter as Filter;
    } catch {
      // A damaged address leads to the plain list.
    }
  }
  return Object.keys(trail).length === 0 && query["from"] !== "list" ? null : trail;
}

/** The query of a form's address that carries a list's conditions; lists use it for their links. */
export function trailQuery(trail: Trail): Record<string, string> {
  const query: Record<string, string> = { from: "list" };
  if (trail.q !== undefined && trail.q !== "") query["q"] = trail.q;
  if (trail.sort !== undefined && trail.sort.length > 0) query["sort"] = trail.sort.join(",");
  if (trail.filter !== undefined && Object.keys(trail.filter).length > 0) query["filter"] = JSON.stringify(trail.filter);
  return query;
}

interface Walk {
  ids: string[];
  cursor: string | null;
  total: number | null;
  pages: number;
}

const walks = new Map<string, Walk>();

/** The rows beside one, in the list that it was opened from. Pages of the list are asked for once. */
export async function neighbours(api: ApiClient, path: string, trail: Trail, id: string): Promise<Neighbours> {
  const key = `${path}?${JSON.stringify(trail)}`;
  let walk = walks.get(key);
  if (walk === undefined || (walk.cursor === null && !walk.ids.includes(id))) {
    walk = { ids: [], cursor: null, total: null, pages: 0 };
    walks.set(key, walk);
    await further(api, path, trail, walk);
  }
  // The row after this one may be on the next page.
  while (walk.cursor !== null && walk.pages < MOST_PAGES && (!walk.ids.includes(id) || walk.ids.at(-1) === id)) {
    await further(api, path, trail, walk);
  }
  return beside(walk, id);
}

export function beside(walk: Pick<Walk, "ids" | "total">, id: string): Neighbours {
  const at = walk.ids.indexOf(id);
  if (at < 0) return { previous: null, next: null, position: null, total: walk.total };
  return { previous: walk.ids[at - 1] ?? null, next: walk.ids[at + 1] ?? null, position: at + 1, total: walk.total };
}

/** Rows have been made, changed or removed: lists are read anew. */
export function forgetTrails(path: string): void {
  for (const key of walks.keys()) if (key.startsWith(`${path}?`)) walks.delete(key);
}

async function further(api: ApiClient, path: string, trail: Trail, walk: Walk): Promise<void> {
  const page = await listPage<{ id: string }>(api, path, {
    ...trail,
    limit: 200,
    cursor: walk.cursor,
    total: walk.pages === 0,
  });
  walk.ids.push(...page.items.map((item) => item.id));
  walk.cursor = page.next;
  walk.total ??= page.total;
  walk.pages += 1;
}
