/**
 * What an app loads before its first page can be shown, compressed: fails above the budget. `node scripts/budget.ts`
 * after a build; `scripts/build.ts` does it by itself.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** KiB, as browsers receive them. */
export const SHELL_BUDGET = 250;
/** Loaded at every start, though by an `import()`: the texts of one language, the library's and the app's. */
const ALWAYS = /(?:^|\/)i18n\/(?:part\/)?zh-CN\.ts$/;

interface Chunk {
  file: string;
  isEntry?: boolean;
  css?: string[];
  imports?: string[];
  dynamicImports?: string[];
}

type Manifest = Record<string, Chunk>;

/** The files that a shell consists of. */
export function shellFiles(manifest: Manifest): string[] {
  const wanted = Object.keys(manifest).filter((key) => manifest[key]?.isEntry === true || ALWAYS.test(key));
  if (!wanted.some((key) => manifest[key]?.isEntry === true)) throw new Error("The build's manifest names no entry.");
  const seen = new Set<string>();
  while (wanted.length > 0) {
    const key = wanted.pop() ?? "";
    if (seen.has(key)) continue;
    seen.add(key);
    wanted.push(...(manifest[key]?.imports ?? []));
  }
  const files = [...seen].flatMap((key) => [manifest[key]?.file ?? "", ...(manifest[key]?.css ?? [])]);
  return [...new Set(files)].filter((file) => file !== "");
}

/** KiB of an app's shell, and its largest files. */
export function measure(dist: string): { total: number; files: { file: string; size: number }[] } {
  const manifest = JSON.parse(readFileSync(`${dist}/.vite/manifest.json`, "utf8")) as Manifest;
  const files = shellFiles(manifest)
    .map((file) => ({ file, size: gzipSync(readFileSync(`${dist}/${file}`), { level: 9 }).length / 1024 }))
    .sort((one, other) => other.size - one.size);
  return { total: files.reduce((sum, { size }) => sum + size, 0), files };
}

/** Whether an app keeps to the budget; says where it does not. */
export function isWithinBudget(app: string): boolean {
  const { total, files } = measure(fileURLToPath(new URL(`../apps/${app}/dist`, import.meta.url)));
  const said = `${app}: shell ${total.toFixed(1)} KiB gzip (budget ${SHELL_BUDGET})`;
  if (total <= SHELL_BUDGET) {
    console.log(said);
    return true;
  }
  console.error(`${said}: too big. The largest files:`);
  for (const { file, size } of files.slice(0, 8)) console.error(`  ${size.toFixed(1).padStart(7)}  ${file}`);
  return false;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = ["client", "admin"].map(isWithinBudget).every(Boolean) ? 0 : 1;
}
