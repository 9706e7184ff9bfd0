import type { Words } from "./types.ts";

/** A label of the catalogue in the language of the page. */
export function wordIn(label: Partial<Words> | string | null | undefined, locale: string): string {
  if (typeof label === "string") return label;
  return (locale === "en-US" ? label?.en : label?.zh) ?? label?.zh ?? label?.en ?? "";
}
