import { ApiError, listPage, pageOf, titleOf, type ApiClient, type CellMeta, type EntityMeta, type ListQuery, type Row } from "@superpaas/api";
import { formatField, isSearchable } from "@superpaas/ui/fields";

/** One document found. */
export interface Found {
  id: string;
  title: string;
  /** What tells it from its like: name, partner, amount. */
  text: string;
  state: string;
  to: string;
}

export interface FoundGroup {
  cell: string;
  cellLabel: string;
  entity: EntityMeta;
  items: Found[];
  /** There is more than is shown: the list, searched for the same. */
  more: string | null;
}

export interface Asked {
  text: string;
  /** Empty for all. */
  cell: string;
  perEntity: number;
  locale: string;
  zone: string;
}

/** As many as a browser sends to one address at once; the rest would only wait in its queue. */
const AT_ONCE = 6;
/** Shorter texts find everything and nothing. */
export const SHORTEST = 2;
const LONGEST = 100;

/** What can be searched: documents that have a number or fields that searching reads. The kit's settings come last. */
export function searchable(cells: readonly CellMeta[], cell = ""): { cell: CellMeta; entity: EntityMeta }[] {
  const all = cells
    .filter((item) => cell === "" || item.cell === cell)
    .flatMap((item) => item.entities.map((entity) => ({ cell: item, entity })))
    .filter(({ entity }) => entity.kind === "document")
    .filter(({ entity }) => Object.keys(searchOf(entity, "x")).length > 0);
  return [...all.filter(({ entity }) => !entity.kit), ...all.filter(({ entity }) => entity.kit)];
}

/** How a list is asked for a text: by its search text, or else by its numbers. */
function searchOf(entity: EntityMeta, text: string): Pick<ListQuery, "q" | "filter"> {
  if (isSearchable(entity)) return { q: text };
  return "number" in entity.standard_fields ? { filter: { number: { contains: text } } } : {};
}

function morePage(entity: EntityMeta, text: string): string {
  const query: Record<string, string> = isSearchable(entity) ? { q: text } : { f: JSON.stringify(["number", "contains", text]) };
  return `${pageOf(entity)}?${new URLSearchParams(query).toString()}`;
}

/** A text that may be asked for; `null` for one that is too short. */
export function askable(text: string): string | null {
  const given = text.trim().slice(0, LONGEST);
  // One Chinese character is a word.
  return given.length >= SHORTEST || /[\u3400-\u9fff]/.test(given) ? given : null;
}

export function foundOf(entity: EntityMeta, row: Row, asked: Pick<Asked, "locale" | "zone">): Found {
  const title = titleOf(entity, row);
  const texts = entity.fields
    .filter((field) => (field.list || field.search) && field.kind !== "flag" && field.name !== entity.title && field.name !== "state")
    .map((field) => formatField(field, row, asked.locale, { zone: asked.zone }))
    .filter((text) => text !== "" && text !== title && !/^[0-9a-f]{8}…$/.test(text));
  const state = entity.states?.find((item) => item.key === row["state"])?.label ?? "";
  return { id: row.id, title, text: [...new Set(texts)].slice(0, 4).join(" · "), state, to: pageOf(entity, row.id) };
}

/**
 * Ask every list for a text; each cell answers by its own rules of who may see what. `onFound` is told as answers come,
 * in the order of the menu; lists that fail are counted.
 */
export async function find(
  api: ApiClient,
  cells: readonly CellMeta[],
  asked: Asked,
  onFound: (groups: FoundGroup[], open: number) => void,
  signal: AbortSignal,
): Promise<{ groups: FoundGroup[]; failed: Set<string> }> {
  const targets = searchable(cells, asked.cell);
  const found = new Map<string, FoundGroup>();
  const failed = new Set<string>();
  const queue = [...targets];
  let open = targets.length;
  const inOrder = (): FoundGroup[] =>
    targets.flatMap(({ entity }) => found.get(entity.key) ?? []).filter((group) => group.items.length > 0);

  async function worker(): Promise<void> {
    for (let target = queue.shift(); target !== undefined && !signal.aborted; target = queue.shift()) {
      const { cell, entity } = target;
      try {
        if (!failed.has(cell.cell)) {
          const page = await listPage<Row>(api, entity.path, { ...searchOf(entity, asked.text), limit: asked.perEntity }, signal);
          found.set(entity.key, {
            cell: cell.cell,
            cellLabel: cell.label,
            entity,
            items: page.items.map((row) => foundOf(entity, row, asked)),
            more: page.next === null ? null : morePage(entity, asked.text),
          });
        }
      } catch (error) {
        // A cell that is away would be asked once for each of its lists; one list that refuses says nothing of others.
        const refused = error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429;
        if (!signal.aborted && !refused) failed.add(cell.cell);
      }
      open -= 1;
      if (!signal.aborted) onFound(inOrder(), open);
    }
  }

  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { groups: inOrder(), failed };
}
