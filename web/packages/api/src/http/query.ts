export type QueryValue = string | number | boolean | null | undefined;

/** `?a=1&b=x`, without what is not given; empty when nothing is. */
export function queryString(query: Record<string, QueryValue> | undefined): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== "");
  if (given.length === 0) return "";
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}

/** A part of a path that comes from data. */
export function segment(text: string): string {
  return encodeURIComponent(text);
}
