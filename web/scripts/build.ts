/** Build both apps and hold them to the budget of their shell: `node scripts/build.ts [client] [admin]`. */
import { fileURLToPath } from "node:url";

import { build } from "vite";

import { isWithinBudget } from "./budget.ts";

const wanted = process.argv.slice(2);
for (const app of ["client", "admin"]) {
  if (wanted.length > 0 && !wanted.includes(app)) continue;
  const root = fileURLToPath(new URL(`../apps/${app}`, import.meta.url));
  await build({ root, configFile: `${root}/vite.config.ts`, logLevel: "warn" });
  console.log(`built ${app}`);
  if (!isWithinBudget(app)) process.exitCode = 1;
}
