// @vitest-environment node
import { describe, expect, it } from "vitest";

import { shellFiles } from "./budget.ts";

describe("the shell", () => {
  it("is the entry with all that it needs at once, and the texts", () => {
    const manifest = {
      "index.html": { file: "index.js", isEntry: true, css: ["index.css"], imports: ["_vue.js"], dynamicImports: ["page.vue"] },
      "_vue.js": { file: "vue.js", imports: ["_runtime.js", "_vue.js"] },
      "_runtime.js": { file: "runtime.js" },
      "page.vue": { file: "page.js", imports: ["_grid.js"] },
      "_grid.js": { file: "grid.js" },
      "src/i18n/zh-CN.ts": { file: "zh-app.js" },
      "../../packages/ui/src/i18n/zh-CN.ts": { file: "zh-ui.js" },
      "../../packages/ui/src/i18n/en-US.ts": { file: "en-ui.js" },
    };
    expect(shellFiles(manifest).sort()).toEqual(
      ["index.css", "index.js", "runtime.js", "vue.js", "zh-app.js", "zh-ui.js"].sort(),
    );
  });
});
