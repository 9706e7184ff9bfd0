/**
 * Types of the services' resources, from what they say of themselves: `node scripts/types.ts [python] [directory]`.
 * A test of the repository makes them anew and compares.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import openapi, { astToString } from "openapi-typescript";

const here = fileURLToPath(new URL(".", import.meta.url));
const python = process.argv[2] ?? join(here, "../../.venv/bin/python");
const target = process.argv[3] ?? join(here, "../packages/api/src/generated");
const HEAD = "/* Made by scripts/types.ts from the services' OpenAPI documents; changes are lost. */\n\n";

const folder = mkdtempSync(join(tmpdir(), "superpaas-openapi-"));
try {
  execFileSync(python, [join(here, "openapi.py"), folder], { stdio: ["ignore", "inherit", "inherit"] });
  for (const name of ["platform", "kit"]) {
    const document = pathToFileURL(join(folder, `${name}.json`));
    // What has a default need not be sent, so it is not always there in what is read either.
    const types = await openapi(JSON.parse(readFileSync(document, "utf8")) as never, { defaultNonNullable: false });
    writeFileSync(join(target, `${name}.ts`), HEAD + astToString(types));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
