import { segment, useApi, type ApiClient, type CellMeta } from "@superpaas/api";

import { tellingCells } from "../messages/notices.ts";

/** `GET /api/v1/auth/sessions`. */
export interface OwnSession {
  id: string;
  address: string | null;
  device: string | null;
  device_name: string | null;
  created_at: string;
  last_used_at: string;
  expires_at: string;
  current: boolean;
}

const SESSIONS = "/api/v1/auth/sessions";

export async function readSessions(api: ApiClient = useApi()): Promise<OwnSession[]> {
  const { items } = await api.get<{ items: OwnSession[] }>(SESSIONS);
  // The one in use first: it is the one that people look for to be sure.
  return items.sort((one, other) => Number(other.current) - Number(one.current));
}

export async function endSession(id: string, api: ApiClient = useApi()): Promise<void> {
  await api.delete(`${SESSIONS}/${segment(id)}`);
}

export async function endOthers(api: ApiClient = useApi()): Promise<number> {
  return (await api.post<{ ended: number }>(`${SESSIONS}/end-others`, {})).ended;
}

/** How a user wants to be told, in one cell. */
export interface NoticePreferences {
  channels: Record<string, boolean>;
  kinds: Record<string, Record<string, boolean>>;
  quiet: { from: string; to: string } | null;
  digest: "immediate" | "hourly" | "daily";
  digest_at: string;
  email: string | null;
}

export const CHANNELS = ["email", "webhook", "wecom", "dingtalk", "feishu"] as const;

/** What all cells share on the page: people think of "my notifications", not of one set for each application. */
export type SharedPreferences = Pick<NoticePreferences, "quiet" | "digest" | "digest_at" | "email"> & {
  channels: Record<string, boolean>;
};

export interface CellPreferences {
  cell: string;
  value: NoticePreferences;
}

export async function readPreferences(cells: readonly CellMeta[], api: ApiClient = useApi()): Promise<CellPreferences[]> {
  const found = await Promise.allSettled(
    tellingCells(cells).map(async (cell) => ({
      cell: cell.cell,
      value: await api.get<NoticePreferences>(cell.notifications.preferences),
    })),
  );
  return found.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
}

/** One set out of the cells' own: the first one's, as the page writes all of them alike. */
export function shared(all: readonly CellPreferences[]): SharedPreferences {
  const first = all.find(({ value }) => value.email !== null || value.quiet !== null || value.digest !== "immediate") ?? all[0];
  return {
    channels: { ...first?.value.channels },
    quiet: first?.value.quiet ?? null,
    digest: first?.value.digest ?? "immediate",
    digest_at: first?.value.digest_at ?? "09:00",
    email: first?.value.email ?? null,
  };
}

/** Whether the cells differ in what the page shows as one. */
export function differ(all: readonly CellPreferences[]): boolean {
  const seen = new Set(all.map(({ value: { quiet, digest, digest_at, email, channels } }) => JSON.stringify([quiet, digest, digest_at, email, channels])));
  return seen.size > 1;
}

/** Write to every cell; what a cell has by kinds of notices stays. */
export async function writePreferences(
  cells: readonly CellMeta[],
  all: readonly CellPreferences[],
  chosen: SharedPreferences,
  api: ApiClient = useApi(),
): Promise<CellPreferences[]> {
  return Promise.all(
    tellingCells(cells)
      .filter((cell) => all.some((item) => item.cell === cell.cell))
      .map(async (cell) => {
        const kept = all.find((item) => item.cell === cell.cell)?.value;
        const body = { ...kept, ...chosen, email: chosen.email === "" ? null : chosen.email };
        return { cell: cell.cell, value: await api.put<NoticePreferences>(cell.notifications.preferences, body) };
      }),
  );
}
