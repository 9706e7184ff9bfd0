// @vitest-environment node
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import { byFolder, keysOf, type Messages } from "../packages/ui/src/i18n/folders.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** All texts below a folder, as the apps merge them. */
async function textsOf(folder: string): Promise<Set<string>> {
  const files: Record<string, Messages> = {};
  for (const path of globSync("**/locales/zh-CN.ts", { cwd: `${root}${folder}` })) {
    files[path] = ((await import(`${root}${folder}/${path}`)) as { default: Messages }).default;
  }
  return new Set(keysOf(byFolder(files)));
}

/** The names of texts that sources ask for, where they are written out. */
function asked(folder: string): { key: string; file: string }[] {
  return globSync("**/*.{vue,ts}", { cwd: `${root}${folder}` })
    .filter((file) => !file.endsWith(".test.ts"))
    .flatMap((file) => {
      const source = readFileSync(`${root}${folder}/${file}`, "utf8");
      const found = source.matchAll(/(?<![\w.])(?:\$?t|translate)\(\s*["']([\w-]+(?:\.[\w-]+)+)["']/g);
      return [...found].map(([, key = ""]) => ({ key, file: `${folder}/${file}` }));
    });
}

const library = await textsOf("packages/ui/src");

describe("every text that a page asks for", () => {
  it.each(["packages/ui/src", "apps/client/src", "apps/admin/src"])("is there: %s", async (folder) => {
    const known = new Set([...library, ...(await textsOf(folder))]);
    expect(asked(folder).filter(({ key }) => !known.has(key))).toEqual([]);
    expect(asked(folder).length).toBeGreaterThan(0);
  });
});
