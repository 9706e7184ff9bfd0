import { ApiError } from "@superpaas/api";

import type { User } from "../../people/types.ts";

export type UserState = "active" | "disabled" | "blocked";

/** Whether somebody can sign in: a name that is locked for too many wrong passwords is not disabled. */
export function stateOf(user: Pick<User, "is_active" | "locked_until">, now: number = Date.now()): UserState {
  if (!user.is_active) return "disabled";
  return user.locked_until !== null && Date.parse(user.locked_until) > now ? "blocked" : "active";
}

/** What the list's tools ask for; what is not chosen is not asked. */
export interface Narrowing {
  department: string | null;
  role: string | null;
  state: string;
}

export const STATES = ["active", "inactive", "online", "must_change"] as const;

/** As the service's `filter` takes it. */
export function filterOf({ department, role, state }: Narrowing): Record<string, unknown> {
  return {
    ...(department === null ? {} : { within_department: department }),
    ...(role === null ? {} : { role_id: role }),
    ...(state === "active" ? { is_active: true } : {}),
    ...(state === "inactive" ? { is_active: false } : {}),
    ...(state === "online" ? { is_online: true } : {}),
    ...(state === "must_change" ? { must_change_password: true } : {}),
  };
}

export interface BatchResult {
  done: number;
  failed: { name: string; message: string }[];
}

/** One after the other, going on after a refusal; the report tells who was refused and why. */
export async function forEachUser(users: readonly User[], work: (user: User) => Promise<unknown>): Promise<BatchResult> {
  const result: BatchResult = { done: 0, failed: [] };
  for (const user of users) {
    try {
      await work(user);
      result.done += 1;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      result.failed.push({ name: user.display_name, message: error.message });
    }
  }
  return result;
}

export interface ImportReport {
  dry_run: boolean;
  rows: number;
  created: number;
  problem_count: number;
  problems: { row: number; column: string; field: string; rule: string; message: string }[];
  credentials?: { username: string; display_name: string; password: string }[];
}

const PLACE = /^rows\[(\d+)\](?:\.(.+))?$/;

/** The problems out of a refused import, whose shape is the contract's: `rows[3].username`. */
export function problemsOfRefusal(error: ApiError): ImportReport["problems"] {
  return error.problems.map(({ field, rule, message }) => {
    const found = PLACE.exec(field);
    return { row: Number(found?.[1] ?? 0), column: found?.[2] ?? "", field: found?.[2] ?? "", rule, message };
  });
}

export const MOST_ROWS = 1000;
