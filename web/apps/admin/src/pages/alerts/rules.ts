import { countText, millisText, shareText, spanText } from "../../running/figures.ts";
import type { Rule, RuleSettings, Unit } from "./types.ts";

export const SETTINGS = ["enabled", "severity", "threshold", "for_seconds", "least_requests"] as const;

/** A figure of a rule as people read it. */
export function valueText(value: number, unit: Unit | null, language: string): string {
  if (unit === "ratio") return shareText(value);
  if (unit === "ms") return millisText(value);
  if (unit === "seconds") return spanText(value, language);
  if (unit === "hours") return spanText(Math.round(value * 3600), language);
  return countText(value);
}

/** Shares are typed as per cent; floating point must not turn 5.6 % into 5.6000000000000005 %. */
export function typedOf(threshold: number, unit: Unit): number {
  return unit === "ratio" ? rounded(threshold * 100) : threshold;
}

export function thresholdOf(typed: number, unit: Unit): number {
  return unit === "ratio" ? rounded(typed / 100) : typed;
}

function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

export function settingsOf(rule: RuleSettings): RuleSettings {
  const { enabled, threshold, for_seconds, severity, least_requests } = rule;
  return { enabled, threshold, for_seconds, severity, least_requests };
}

/** Whether somebody has set a rule otherwise than it was shipped. */
export function isChanged(rule: Rule): boolean {
  return SETTINGS.some((name) => rule[name] !== rule.defaults[name]);
}

/** The page that shows why a rule fires, by the name of its route. */
export function pageOf(rule: string): { name: string; query: (subject: string) => Record<string, string> } | null {
  const none = (): Record<string, string> => ({});
  if (rule.startsWith("backup-") || rule === "restore-test") return { name: "backups", query: none };
  if (rule === "disk-used") return { name: "system", query: none };
  if (rule === "connections") return { name: "system", query: () => ({ tab: "databases" }) };
  if (rule === "error-ratio") return { name: "requests", query: (subject) => ({ service: subject, status: "5xx" }) };
  if (rule === "p95") return { name: "requests", query: (subject) => ({ service: subject, slow: "500" }) };
  if (rule === "dead-letters" || rule === "events-behind") return { name: "dead-letters", query: none };
  if (rule.startsWith("light-")) return { name: "health", query: none };
  return null;
}
