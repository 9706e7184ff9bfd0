export interface Due {
  /** A text's name under `pages.inbox.due`. */
  key: "overdueDays" | "overdueHours" | "overdueNow" | "days" | "hours" | "soon";
  count: number;
  late: boolean;
}

const HOUR = 3_600_000;

/** How long is left, in the unit that a person would use: days when there are two or more, else hours. */
export function dueOf(dueAt: string | null | undefined, now: number): Due | null {
  const at = Date.parse(dueAt ?? "");
  if (Number.isNaN(at)) return null;
  const late = at <= now;
  const hours = Math.floor(Math.abs(at - now) / HOUR);
  if (hours >= 48) return { key: late ? "overdueDays" : "days", count: Math.floor(hours / 24), late };
  if (hours >= 1) return { key: late ? "overdueHours" : "hours", count: hours, late };
  return { key: late ? "overdueNow" : "soon", count: 0, late };
}
