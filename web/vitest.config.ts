import { defineConfig } from "vitest/config";

import { vuePlugins } from "./packages/config/vite.ts";

export default defineConfig({
  plugins: vuePlugins(),
  define: { __APP_VERSION__: JSON.stringify("test") },
  test: {
    environment: "happy-dom",
    include: ["packages/**/*.test.ts", "apps/**/*.test.ts", "scripts/**/*.test.ts"],
    setupFiles: ["./packages/config/vitest.setup.ts"],
    // Element Plus imports style sheets, which Node itself cannot load.
    server: { deps: { inline: [/element-plus/, /vxe-/] } },
    css: false,
    restoreMocks: true,
    // Two are what a small build machine has.
    maxWorkers: 2,
  },
});
