/** Permissions that a star never means: they have to be named. */
const RESERVED = new Set(["platform", "service"]);

/**
 * Whether one of the held permissions covers a wanted one, by the services' own rule: `*` as the last word matches all
 * that follow, elsewhere one word. This only decides what is shown; the services decide what may be done.
 */
export function allows(held: readonly string[], wanted: string): boolean {
  return held.some((pattern) => pattern === wanted || covers(pattern.split("."), wanted.split(".")));
}

function covers(pattern: readonly string[], words: readonly string[]): boolean {
  const [first = ""] = words;
  if (!pattern.includes("*")) return false;
  if (pattern[0] !== first && (pattern[0] !== "*" || RESERVED.has(first))) return false;
  if (pattern.at(-1) === "*" ? words.length < pattern.length : pattern.length !== words.length) return false;
  return pattern.every((mine, place) => mine === "*" || mine === words[place]);
}
