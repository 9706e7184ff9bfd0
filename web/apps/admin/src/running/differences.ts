/** One value that differs between two versions. */
export interface Difference {
  path: string;
  before: unknown;
  after: unknown;
}

export function shownValue(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What differs between two flat sets of values; equal ones are left out. */
export function differencesOf(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): Difference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .sort()
    .map((path) => ({ path, before: before[path] ?? null, after: after[path] ?? null }))
    .filter((item) => JSON.stringify(item.before) !== JSON.stringify(item.after));
}
