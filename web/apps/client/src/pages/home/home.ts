import { listPage, may, pageOf, type ApiClient, type CellMeta, type EntityMeta, type FieldMeta } from "@superpaas/api";

/** What `GET …/_groups` answers. */
export interface Groups {
  items: { key: (string | null)[]; labels: string[]; count: number; sums: Record<string, string>; filter: { $where?: string } }[];
  total: { count: number; sums: Record<string, string> };
}

/** One document's course on the home page: how many rows are in which state, and how much they come to. */
export interface Progress {
  entity: EntityMeta;
  sum: FieldMeta | null;
  total: number;
  amount: string | null;
  states: { key: string; label: string; count: number; share: number; to: string }[];
}

const MOST_CARDS = 6;
const MOST_PER_CELL = 6;

/** Documents that move through states: those say how business is going, master data do not. */
export function movingEntities(cells: readonly CellMeta[]): EntityMeta[] {
  return cells.flatMap((cell) =>
    cell.entities
      .filter((entity) => entity.kind === "document" && !entity.kit && (entity.actions ?? []).length > 1)
      .filter((entity) => (entity.states ?? []).length > 2)
      .slice(0, MOST_PER_CELL),
  );
}

/** The sum of money that a card shows: what lists show first. */
export function sumField(entity: EntityMeta): FieldMeta | null {
  const money = entity.fields.filter((field) => field.kind === "money" && field.masked !== true);
  return money.find((field) => field.list) ?? money.find((field) => /^(total|amount)$/.test(field.name)) ?? null;
}

/** The list of a group's rows; the list's address takes an expression as `f={"w": …}`. */
export function groupPage(entity: EntityMeta, where: string | undefined): string {
  const list = pageOf(entity);
  return where === undefined ? list : `${list}?${new URLSearchParams({ f: JSON.stringify({ w: where }) }).toString()}`;
}

export function progressOf(entity: EntityMeta, sum: FieldMeta | null, groups: Groups): Progress {
  const order = (entity.states ?? []).map((state) => state.key);
  const states = groups.items.map((item) => ({
    key: item.key[0] ?? "",
    label: item.labels[0] ?? "",
    count: item.count,
    share: groups.total.count === 0 ? 0 : item.count / groups.total.count,
    to: groupPage(entity, item.filter.$where),
  }));
  states.sort((one, other) => order.indexOf(one.key) - order.indexOf(other.key));
  const amount = sum === null ? null : (groups.total.sums[sum.name] ?? null);
  return { entity, sum, total: groups.total.count, amount, states };
}

/** The courses of the documents that there are any of. */
export async function readProgress(api: ApiClient, cells: readonly CellMeta[]): Promise<Progress[]> {
  const asked = await Promise.allSettled(
    movingEntities(cells).map(async (entity) => {
      const sum = sumField(entity);
      const groups = await api.get<Groups>(`${entity.path}/_groups`, { query: { by: "state", sum: sum?.name } });
      return progressOf(entity, sum, groups);
    }),
  );
  return asked
    .flatMap((answer) => (answer.status === "fulfilled" && answer.value.total > 0 ? [answer.value] : []))
    .slice(0, MOST_CARDS);
}

/** One step of the way in. */
export interface Step {
  cell: CellMeta;
  entity: EntityMeta;
  done: boolean;
}

const STEPS_PER_CELL = 2;

/** The first data that each application needs: the documents in the order in which the cell declares them. */
export function firstEntities(cell: CellMeta): EntityMeta[] {
  return cell.entities
    .filter((entity) => entity.kind === "document" && !entity.kit && may(entity, "create"))
    .slice(0, STEPS_PER_CELL);
}

/** What is there and what is still to be entered; a list that cannot be asked is no step. */
export async function readSteps(api: ApiClient, cells: readonly CellMeta[]): Promise<Step[]> {
  const asked = await Promise.allSettled(
    cells.flatMap((cell) =>
      firstEntities(cell).map(async (entity): Promise<Step> => {
        const { items } = await listPage(api, entity.path, { limit: 1 });
        return { cell, entity, done: items.length > 0 };
      }),
    ),
  );
  return asked.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
}

/** What to offer under "New": what was made or looked at lately comes first, then the first of each application. */
export function creations(cells: readonly CellMeta[], visited: readonly string[], most: number): EntityMeta[] {
  const usable = cells.map((cell) =>
    cell.entities.filter((entity) => entity.kind === "document" && !entity.kit && may(entity, "create")),
  );
  const lately = visited.flatMap((path) => usable.flat().filter((entity) => path.startsWith(`${pageOf(entity)}`)));
  // One of each application in turn, so that none fills the row alone.
  const turns = Array.from({ length: most }, (_, at) => usable.flatMap((entities) => entities.slice(at, at + 1))).flat();
  return [...new Set([...lately, ...turns])].slice(0, most);
}

/** The greeting of an hour of the day. */
export function greeting(hour: number): "night" | "morning" | "noon" | "afternoon" | "evening" {
  if (hour < 5) return "night";
  if (hour < 11) return "morning";
  if (hour < 13) return "noon";
  return hour < 18 ? "afternoon" : "evening";
}
