import { momentOf } from "@superpaas/api";

/** What is searched for; all of it is in the page's address, so that a search can be handed on. */
export interface Search {
  request_id: string;
  tenant_id: string;
  user_id: string;
  service: string;
  caller: string;
  method: string;
  path: string;
  status: string;
  slow: string;
  /** Seconds up to now; or `from` and `to` as they are typed. */
  window: string;
  from: string;
  to: string;
}

export const WINDOWS = ["900", "3600", "21600", "86400", "604800"] as const;
const NAMES = ["request_id", "tenant_id", "user_id", "service", "caller", "method", "path", "status", "slow", "window", "from", "to"] as const;
const USUAL_WINDOW = "3600";

export function searchFrom(query: Record<string, unknown>): Search {
  const given = Object.fromEntries(NAMES.map((name) => [name, typeof query[name] === "string" ? query[name] : ""]));
  const search = given as unknown as Search;
  return { ...search, window: search.window === "" && search.from === "" ? USUAL_WINDOW : search.window };
}

/** The address of a search, without what is as usual. */
export function addressOf(search: Search): Record<string, string> {
  return Object.fromEntries(
    NAMES.map((name) => [name, search[name].trim()]).filter(([name, value]) => value !== "" && !(name === "window" && value === USUAL_WINDOW)),
  ) as Record<string, string>;
}

/** The search as the monitor takes it. */
export function parametersOf(search: Search, zone: string, now: number): Record<string, string | undefined> {
  const given = (text: string): string | undefined => (text.trim() === "" ? undefined : text.trim());
  const seconds = Number(search.window);
  const period =
    search.window !== "" && Number.isFinite(seconds)
      ? { from: new Date(now - seconds * 1000).toISOString(), to: undefined }
      : { from: momentOf(search.from, zone) ?? undefined, to: momentOf(search.to, zone) ?? undefined };
  return {
    request_id: given(search.request_id),
    tenant_id: given(search.tenant_id),
    user_id: given(search.user_id),
    service: given(search.service),
    caller: given(search.caller),
    method: given(search.method),
    path: given(search.path),
    status: given(search.status),
    min_duration_ms: given(search.slow),
    // A request id is looked for wherever it is: whoever has one seldom knows when it was.
    ...(given(search.request_id) === undefined ? period : { from: undefined, to: undefined }),
  };
}

/** The monitor takes `404`, `5xx` and `400-499`. */
export function isStatus(text: string): boolean {
  return /^([1-5]xx|\d{3}(-\d{3})?)$/.test(text);
}

/** Whether somebody only asked if the platform is there. */
export function isProbe(line: { path: string; status: number | null }): boolean {
  return line.status === 200 && /^\/(health|ready|live)$/.test(line.path);
}
