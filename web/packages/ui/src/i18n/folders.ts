/** Texts as a tree: a text, or texts by name. */
export interface Messages {
  [key: string]: string | Messages;
}

/** `../boards/kanban/locales/zh-CN.ts` → `["boards", "kanban"]`: the folder is the name space of its texts. */
export function nameSpace(path: string): string[] {
  return path
    .replace(/\/?locales\/[^/]+$/, "")
    .split("/")
    .filter((part) => part !== "" && part !== "." && part !== "..");
}

/** One tree out of the folders' locale files. */
export function byFolder(files: Record<string, unknown>): Messages {
  const all: Messages = {};
  for (const [path, messages] of Object.entries(files)) {
    let place = all;
    for (const part of nameSpace(path)) place = (place[part] ??= {}) as Messages;
    Object.assign(place, messages);
  }
  return all;
}

/** The names of all texts in a tree, `list.search.placeholder`; what the test of the two languages compares. */
export function keysOf(messages: Messages, prefix = ""): string[] {
  return Object.entries(messages).flatMap(([key, value]) =>
    typeof value === "string" ? [`${prefix}${key}`] : keysOf(value, `${prefix}${key}.`),
  );
}
