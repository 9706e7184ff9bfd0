import { momentOf } from "@superpaas/api";
import type { Tone } from "@superpaas/ui/fields";

/** An entry as `/api/admin/logs` tells it. */
export interface Entry {
  at: string | null;
  service: string;
  level: Level;
  message: string;
  component: string | null;
  request_id: string | null;
  trace_id: string | null;
  tenant_id: string | null;
  user_id: string | null;
  fields: Record<string, unknown>;
}

export const LEVELS = ["debug", "info", "warning", "error", "critical"] as const;
export type Level = (typeof LEVELS)[number];
export const WINDOWS = ["900", "3600", "21600", "86400", "604800"] as const;
const USUAL_WINDOW = "86400";

/** What is searched for; all of it is in the page's address. */
export interface LogSearch {
  services: string[];
  level: string;
  q: string;
  tenant_id: string;
  request_id: string;
  /** Seconds up to now; empty for `from` and `to` as they are typed. */
  window: string;
  from: string;
  to: string;
}

const TEXTS = ["level", "q", "tenant_id", "request_id", "window", "from", "to"] as const;

export function searchFrom(query: Record<string, unknown>): LogSearch {
  const texts = Object.fromEntries(TEXTS.map((name) => [name, typeof query[name] === "string" ? query[name] : ""]));
  const { service } = query;
  const services = (Array.isArray(service) ? service : [service]).filter((name) => typeof name === "string" && name !== "");
  const search = { ...(texts as unknown as Omit<LogSearch, "services">), services: services as string[] };
  return { ...search, window: search.window === "" && search.from === "" ? USUAL_WINDOW : search.window };
}

/** The address of a search, without what is as usual. */
export function addressOf(search: LogSearch): Record<string, string | string[]> {
  const texts = TEXTS.map((name) => [name, search[name].trim()] as const).filter(
    ([name, value]) => value !== "" && !(name === "window" && value === USUAL_WINDOW),
  );
  return { ...Object.fromEntries(texts), ...(search.services.length > 0 ? { service: [...search.services] } : {}) };
}

/** The search as the monitor takes it; a list repeats its name. */
export function parametersOf(search: LogSearch, zone: string, now: number): [string, string][] {
  const found: [string, string][] = search.services.map((name) => ["service", name]);
  for (const name of ["level", "q", "tenant_id", "request_id"] as const) {
    if (search[name].trim() !== "") found.push([name, search[name].trim()]);
  }
  // A request id is looked for wherever it is: whoever has one seldom knows when it was.
  if (search.request_id.trim() !== "") return [...found, ["from", new Date(0).toISOString()]];
  if (search.window !== "") return [...found, ["from", new Date(now - Number(search.window) * 1000).toISOString()]];
  const [from, to] = [momentOf(search.from, zone), momentOf(search.to, zone)];
  if (from !== null) found.push(["from", from]);
  if (to !== null) found.push(["to", to]);
  return found;
}

const TONES: Partial<Record<Level, Tone>> = { warning: "yellow", error: "red", critical: "red" };

/** Rows that need somebody are coloured, the others are not. */
export function toneOf(level: Level): Tone | undefined {
  return TONES[level];
}

/** One line: the message's first, then what else was told, as `name=value`. */
export function lineOf(entry: Entry): string {
  const [first = ""] = entry.message.split("\n");
  const fields = Object.entries(entry.fields).map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  return [first, ...fields].join("  ").slice(0, 1000);
}
