import type { ApiClient } from "@superpaas/api";

import type { TwoLabels } from "../../running/words.ts";

export interface Point {
  at: number;
  request_rate: number;
  error_rate: number;
  error_ratio: number;
  p50_ms: number | null;
  p95_ms: number | null;
  p99_ms: number | null;
  in_flight: number | null;
  connections_in_use: number | null;
  connections_limit?: number | null;
  cpu_cores: number | null;
  memory_bytes: number | null;
  instances: number;
  instances_up: number;
}

export interface ServiceCourse {
  name: string;
  label: TwoLabels;
  points: Point[];
  summary: Omit<Point, "at"> | null;
}

export const WINDOWS = [300, 900, 3600, 21_600, 86_400, 604_800] as const;
/** Up to here the monitor has samples of ten seconds; beyond it, minutes. */
const FINE_SECONDS = 3600;

interface Known {
  items: { name: string; label: TwoLabels }[];
}

/** All services in short, and the course of one of them. */
export async function readSignals(api: ApiClient, service: string, window: number, signal: AbortSignal): Promise<ServiceCourse[]> {
  const known = await api.get<Known>("/api/admin/services", { signal });
  const chosen = known.items.some((item) => item.name === service) ? service : (known.items[0]?.name ?? "");
  if (window > FINE_SECONDS) {
    const found = await api.get<{ items: { service: string; points: Point[] }[] }>("/api/admin/golden-signals/history", { query: { window }, signal });
    return known.items.map((item) => {
      const points = found.items.find((one) => one.service === item.name)?.points ?? [];
      return { ...item, points, summary: summaryOf(points) };
    });
  }
  const [all, one] = await Promise.all([
    api.get<{ items: { service: string; signals: Omit<Point, "at"> | null }[] }>("/api/admin/golden-signals", { query: { window }, signal }),
    api.get<{ points: Point[] }>("/api/admin/golden-signals", { query: { service: chosen, window }, signal }),
  ]);
  return known.items.map((item) => ({
    ...item,
    points: item.name === chosen ? one.points : [],
    summary: all.items.find((found) => found.service === item.name)?.signals ?? null,
  }));
}

/** Many minutes in one line: percentiles are weighted by their requests, levels are the highest. */
export function summaryOf(points: readonly Point[]): Omit<Point, "at"> | null {
  const last = points.at(-1);
  if (last === undefined) return null;
  const rates = points.reduce((sum, point) => sum + point.request_rate, 0);
  const errors = points.reduce((sum, point) => sum + point.error_rate, 0);
  return {
    request_rate: rates / points.length,
    error_rate: errors / points.length,
    error_ratio: rates === 0 ? 0 : errors / rates,
    p50_ms: weighted(points, "p50_ms"),
    p95_ms: weighted(points, "p95_ms"),
    p99_ms: weighted(points, "p99_ms"),
    in_flight: most(points, "in_flight"),
    connections_in_use: most(points, "connections_in_use"),
    cpu_cores: most(points, "cpu_cores"),
    memory_bytes: most(points, "memory_bytes"),
    instances: last.instances,
    instances_up: Math.min(...points.map((point) => point.instances_up)),
  };
}

type Figure = "p50_ms" | "p95_ms" | "p99_ms" | "in_flight" | "connections_in_use" | "cpu_cores" | "memory_bytes";

function weighted(points: readonly Point[], name: Figure): number | null {
  const known = points.filter((point) => point[name] !== null && point.request_rate > 0);
  const weight = known.reduce((sum, point) => sum + point.request_rate, 0);
  return weight === 0 ? null : known.reduce((sum, point) => sum + (point[name] ?? 0) * point.request_rate, 0) / weight;
}

function most(points: readonly Point[], name: Figure): number | null {
  const known = points.map((point) => point[name]).filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** The values of a line, as the chart takes them: texts of so many digits. */
export function valuesOf(points: readonly Point[], read: (point: Point) => number | null | undefined, digits: number): (string | null)[] {
  return points.map((point) => {
    const value = read(point);
    return value === null || value === undefined ? null : value.toFixed(digits);
  });
}
