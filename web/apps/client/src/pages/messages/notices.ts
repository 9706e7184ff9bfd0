import { entityByKey, pageOf, segment, useApi, type ApiClient, type CellMeta } from "@superpaas/api";

import { Joined, newestFirst, type Source } from "../../joining/joined.ts";

export const STATES = ["inbox", "unread", "must-read", "archived"] as const;
export type NoticeState = (typeof STATES)[number];
export type NoticeVerb = "read" | "confirm" | "archive" | "restore";

/** One notice, as a cell answers it; `cell` is added. */
export interface Notice {
  cell: string;
  id: string;
  kind: string;
  entity: string | null;
  entity_id: string | null;
  must_read: boolean;
  created_at: string;
  read_at: string | null;
  confirmed_at: string | null;
  archived_at: string | null;
  title: string;
  text: string | null;
  link: string | null;
  /** The reader may not see the document any more. */
  restricted: boolean;
}

const PAGE = 30;
type Told = CellMeta & { notifications: NonNullable<CellMeta["notifications"]> };

export function tellingCells(cells: readonly CellMeta[]): Told[] {
  return cells.filter((cell): cell is Told => cell.notifications !== undefined);
}

/** The notices of all cells as one list, newest first. */
export function openNotices(
  cells: readonly CellMeta[],
  state: NoticeState,
  api: ApiClient = useApi(),
  limit = PAGE,
): Joined<Notice> {
  const sources = tellingCells(cells).map(
    ({ cell, notifications }): Source<Notice> => ({
      key: cell,
      page: async (cursor) => {
        const found = await api.get<{ items: Omit<Notice, "cell">[]; next: string | null }>(notifications.inbox, {
          query: { state, limit, cursor },
        });
        return { items: found.items.map((item) => ({ ...item, cell })), next: found.next };
      },
    }),
  );
  return new Joined(sources, newestFirst);
}

/** Change one notice; answers it as it is then. */
export async function change(notice: Notice, verb: NoticeVerb, api: ApiClient = useApi()): Promise<Notice> {
  const path = `/api/v1/${segment(notice.cell)}/_notifications/${segment(notice.id)}/${verb}`;
  return { ...(await api.post<Omit<Notice, "cell">>(path, {})), cell: notice.cell };
}

/** Everything is read, but for what has to be confirmed one by one. */
export async function readAll(cells: readonly CellMeta[], api: ApiClient = useApi()): Promise<void> {
  await Promise.all(tellingCells(cells).map((cell) => api.post(`${cell.notifications.inbox}/read`, { all: true })));
}

/** Waits to be confirmed; approvals are confirmed by deciding them, and have a page of their own. */
export function isToConfirm(notice: Notice): boolean {
  return notice.must_read && notice.confirmed_at === null;
}

export function isApproval(notice: Notice): boolean {
  return /\.approval\.\w+$/.test(notice.kind);
}

/** Where a notice leads in this app; nowhere for what the reader may not see. */
export function targetOf(notice: Notice, cells: readonly CellMeta[]): string | null {
  if (notice.restricted) return null;
  const approval = /^\/([\w-]+)\/approvals\/([\w-]+)$/.exec(notice.link ?? "");
  if (approval !== null) return `/inbox?open=${approval[1] ?? ""}/${approval[2] ?? ""}`;
  if (notice.entity === null || notice.entity_id === null) return null;
  const meta = cells.find((cell) => cell.cell === notice.cell);
  const entity = meta === undefined ? undefined : entityByKey(meta, notice.entity);
  return entity === undefined ? null : pageOf(entity, notice.entity_id);
}

/** Notices under the day they came, in the tenant's zone; `dayOf` gives the day of a moment. */
export function byDay<T extends { created_at: string }>(notices: readonly T[], dayOf: (moment: string) => string): { day: string; items: T[] }[] {
  const days: { day: string; items: T[] }[] = [];
  for (const notice of notices) {
    const day = dayOf(notice.created_at);
    const last = days.at(-1);
    if (last?.day === day) last.items.push(notice);
    else days.push({ day, items: [notice] });
  }
  return days;
}
