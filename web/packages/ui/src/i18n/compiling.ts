import { baseCompile } from "@intlify/message-compiler";

import type { Messages } from "./folders.ts";

/** Texts that the translator cannot read, each with its name: a bare `@`, `{}` or `|` would break the page at run time. */
export function unreadable(messages: Messages, prefix = ""): string[] {
  return Object.entries(messages).flatMap(([key, value]) => {
    if (typeof value !== "string") return unreadable(value, `${prefix}${key}.`);
    const problems: string[] = [];
    baseCompile(value, { onError: (error) => problems.push(`${prefix}${key}: ${error.message}`) });
    return problems;
  });
}
