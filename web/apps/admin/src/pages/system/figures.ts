import type { Light } from "../../running/lights.ts";
import type { Disk, Licence, Process } from "./types.ts";

/** The share of a place that is taken; `null` where nothing is known of it. */
export function usedShare(whole: number | null, free: number | null): number | null {
  if (whole === null || free === null || whole <= 0) return null;
  return Math.min(1, Math.max(0, 1 - free / whole));
}

/** A full disk stops the database: the alert fires at nine tenths. */
export function diskLight(disk: Disk): Light {
  const used = usedShare(disk.bytes, disk.free_bytes) ?? 0;
  if (used > 0.9) return "red";
  return used > 0.8 ? "yellow" : "green";
}

export function memoryLight(used: number | null): Light | null {
  if (used === null) return null;
  if (used > 0.95) return "red";
  return used > 0.85 ? "yellow" : "green";
}

/** More waiting work than the machine has cores, by the average of five minutes. */
export function loadLight(load: readonly number[], cores: number): Light {
  const per = (load[1] ?? 0) / Math.max(1, cores);
  if (per > 4) return "red";
  return per > 1.5 ? "yellow" : "green";
}

/** Dead ones first, then by name: what needs somebody is on top. */
export function byTrouble(processes: readonly Process[]): Process[] {
  return [...processes].sort((one, other) => Number(one.ready) - Number(other.ready) || one.name.localeCompare(other.name));
}

/** How many packages have which licence, the most frequent first. */
export function licenceCounts(licences: readonly Licence[], unknown: string): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const item of licences) counts.set(item.licence ?? unknown, (counts.get(item.licence ?? unknown) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).sort((one, other) => other.count - one.count || one.name.localeCompare(other.name));
}

/** Licences whose name, package or version contains a text. */
export function matching(licences: readonly Licence[], text: string): Licence[] {
  const wanted = text.trim().toLowerCase();
  return licences.filter((item) => `${item.name} ${item.version} ${item.licence ?? ""}`.toLowerCase().includes(wanted));
}

/** Only what a browser may safely follow becomes a link. */
export function safeUrl(url: string | null): string | null {
  return url !== null && /^https?:\/\//i.test(url) ? url : null;
}
