import type { Light } from "../../running/lights.ts";
import type { Backups, RestoreTest, Schedule } from "./types.ts";

/** How well the platform is protected, as a light and the key of its words. */
export interface Verdict {
  light: Light;
  reason: string;
}

const DAY = 86_400;
/** A daily backup takes a while and may begin late: as long as the alert rule allows. */
const DAILY_AT_MOST = 26 * 3600;

/** How much would be lost now. */
export function pointVerdict(seconds: number | null, schedule: Schedule): Verdict {
  if (seconds === null) return { light: "red", reason: "never" };
  if (seconds > DAILY_AT_MOST) return { light: "red", reason: "old" };
  return schedule.at === "off" ? { light: "yellow", reason: "off" } : { light: "green", reason: "fresh" };
}

/** Whether the last backups can be restored; only a test knows. */
export function testVerdict(test: RestoreTest | null, schedule: Schedule, now: number): Verdict {
  if (test === null) return { light: "yellow", reason: "never" };
  if (!test.holds) return { light: "red", reason: "failed" };
  const age = (now - Date.parse(test.at)) / 1000;
  if (schedule.test_every_days > 0 && age > (schedule.test_every_days + 1) * DAY) return { light: "yellow", reason: "old" };
  return { light: "green", reason: "holds" };
}

/** What is under way is looked at often, what lies there seldom. */
export function isBusy(backups: Backups | null): boolean {
  return backups?.running !== null && backups?.running !== undefined;
}

export interface Ended {
  what: "backup" | "verify";
  good: boolean;
}

/** How what was under way at the last look has ended; `null` while it goes on or where there was nothing. */
export function endedBetween(before: Backups | null, now: Backups): Ended | null {
  const { running = null } = before ?? {};
  if (running === null || now.running?.id === running.id) return null;
  const found = now.items.find((item) => item.id === running.id);
  if (running.what === "backup") return { what: "backup", good: found !== undefined };
  return { what: "verify", good: found?.verified?.holds === true && found.verified.at >= running.at };
}
