import type { ApiClient } from "@superpaas/api";

import { byLight, toldReason, type Light } from "../../running/lights.ts";
import type { TwoLabels } from "../../running/words.ts";

export interface Signals {
  request_rate: number;
  error_rate: number;
  error_ratio: number;
  p50_ms: number | null;
  p95_ms: number | null;
  p99_ms: number | null;
  instances: number;
  instances_up: number;
}

export interface Summary {
  status: Light;
  gateway: "up" | "down";
  gateway_problem: string | null;
  route_version: number;
  platform: { name: string; light: Light; reason: string; since: string | null }[];
  cells: {
    name: string;
    label: TwoLabels;
    version: string;
    light: Light;
    reason: string;
    since: string | null;
    enabled: boolean;
    stopped?: boolean;
    instances: number;
  }[];
}

interface Service {
  name: string;
  label: TwoLabels;
  instances: number;
  signals: Signals | null;
}

export interface Course {
  service: string;
  points: { at: number; request_rate: number; error_rate: number; error_ratio: number }[];
}

interface Process {
  name: string;
  uptime_seconds: number | null;
  restarts: number;
  problem: string | null;
}

/** What the board is made of; only the first part must be there. */
export interface Sources {
  summary: Summary;
  services: Service[] | null;
  courses: Course[] | null;
  processes: Process[] | null;
  version: string | null;
  alerts: Record<string, number> | null;
}

export interface BoardRow {
  name: string;
  kind: "platform" | "cell";
  label: TwoLabels;
  light: Light;
  reason: string;
  since: string | null;
  version: string | null;
  instances: number | null;
  uptime: number | null;
  restarts: number;
  signals: Signals | null;
  errors: (number | null)[];
  rates: (number | null)[];
}

const HOUR = 3600;

/** Read all of the board; what the monitor cannot tell now leaves gaps, not an empty board. */
export async function readBoard(api: ApiClient, signal: AbortSignal): Promise<Sources> {
  const read = <T>(path: string, query: Record<string, string | number> = {}): Promise<T> => api.get<T>(path, { query, signal });
  const summary = read<Summary>("/api/admin/health-summary");
  const [services, courses, system, alerts] = await Promise.allSettled([
    read<{ items: Service[] }>("/api/admin/services"),
    read<{ items: Course[] }>("/api/admin/golden-signals/history", { window: HOUR }),
    read<{ processes: Process[]; versions: { packages: Record<string, string> } }>("/api/admin/system"),
    read<{ counts: Record<string, number> }>("/api/admin/alerts", { limit: 1 }),
  ]);
  return {
    summary: await summary,
    services: services.status === "fulfilled" ? services.value.items : null,
    courses: courses.status === "fulfilled" ? courses.value.items : null,
    processes: system.status === "fulfilled" ? system.value.processes : null,
    version: system.status === "fulfilled" ? (system.value.versions.packages["superpaas"] ?? null) : null,
    alerts: alerts.status === "fulfilled" ? alerts.value.counts : null,
  };
}

/** One line for each service, the gateway first among the platform's, the worst lights on top. */
export function rowsOf(sources: Sources): BoardRow[] {
  const { summary, version } = sources;
  const gateway = {
    name: "gateway",
    light: (summary.gateway === "up" ? (summary.gateway_problem === null ? "green" : "yellow") : "red") as Light,
    reason: summary.gateway === "up" ? (summary.gateway_problem ?? "OK") : "unreachable",
    since: null,
  };
  const platform = [gateway, ...summary.platform].map((item) => ({ ...item, kind: "platform" as const, version }));
  const cells = summary.cells.map((item) => ({ ...item, reason: toldReason(item), kind: "cell" as const }));
  return [...byLight(platform), ...byLight(cells)].map((item) => {
    const service = sources.services?.find((one) => one.name === item.name);
    const process = sources.processes?.find((one) => one.name === item.name);
    const points = sources.courses?.find((one) => one.service === item.name)?.points ?? [];
    return {
      name: item.name,
      kind: item.kind,
      label: "label" in item ? item.label : (service?.label ?? { zh: item.name, en: item.name }),
      light: item.light,
      reason: item.reason,
      since: item.since,
      version: item.version,
      instances: service?.instances ?? null,
      uptime: process?.uptime_seconds ?? null,
      restarts: process?.restarts ?? 0,
      signals: service?.signals ?? null,
      errors: evenly(points, "error_ratio"),
      rates: evenly(points, "request_rate"),
    };
  });
}

/** One value a minute; minutes that nobody has written down are gaps. */
export function evenly(points: Course["points"], name: "error_ratio" | "request_rate"): (number | null)[] {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return [];
  const known = new Map(points.map((point) => [point.at, point[name]]));
  const values: (number | null)[] = [];
  for (let at = first.at; at <= last.at; at += 60) values.push(known.get(at) ?? null);
  return values;
}
