export interface Check {
  check: string;
  passed: boolean;
  reason: string;
  details: Record<string, unknown>;
}

/** `GET /api/v1/<cell>/_permissions/explain`. */
export interface Verdict {
  allowed: boolean;
  outcome: string;
  status: number;
  checks: Check[];
  field?: { shown: string; editable: boolean };
}

/** The details that a reader has use for, as lines; names before ids. */
export function detailLines(details: Record<string, unknown>): { key: string; text: string }[] {
  return Object.entries(details)
    .map(([key, value]) => ({ key, text: textOf(value) }))
    .filter(({ text }) => text !== "");
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join("、");
  if (typeof value === "object") {
    const named = value as { name?: unknown; code?: unknown };
    return typeof named.name === "string" ? named.name : typeof named.code === "string" ? named.code : JSON.stringify(value);
  }
  return String(value as string | number | boolean);
}

/** The first check that refuses: what has to be changed first. */
export function firstRefusal({ checks }: Verdict): Check | undefined {
  return checks.find((check) => !check.passed);
}

/** Where what refuses (or allows) can be changed. */
export function placeOf(check: string): "/roles" | "/users" | "/organisation" | null {
  if (["permission", "field", "mask", "edit", "scope"].includes(check)) return "/roles";
  return check === "user" ? "/users" : null;
}
