import { fileURLToPath } from "node:url";

import vue from "@vitejs/plugin-vue";
import { ElementPlusResolver } from "unplugin-vue-components/resolvers";
import components from "unplugin-vue-components/vite";
import type { PluginOption, UserConfig } from "vite";

/** The plugins that read our components; Vitest uses the same ones, so that tests see what a build sees. */
export function vuePlugins(): PluginOption[] {
  return [
    vue(),
    components({
      // Element Plus comes piece by piece: the whole library alone would be above the shell's budget.
      resolvers: [ElementPlusResolver({ importStyle: "css" })],
      dirs: [],
      dts: false,
    }),
  ];
}

export interface AppOptions {
  /** The folder of the app: `import.meta.url` of its Vite configuration. */
  at: string;
  /** The port of the development server. */
  port: number;
  plugins?: PluginOption[];
}

/** The Vite configuration that both apps share. */
export function appConfig({ at, port, plugins = [] }: AppOptions): UserConfig {
  const gateway = process.env["SUPERPAAS_API"] ?? "http://127.0.0.1:8000";
  return {
    root: fileURLToPath(new URL(".", at)),
    plugins: [...vuePlugins(), ...plugins],
    define: {
      __APP_VERSION__: JSON.stringify(process.env["npm_package_version"] ?? "0.1.0"),
      __VUE_OPTIONS_API__: "true",
      __VUE_PROD_DEVTOOLS__: "false",
      __INTLIFY_JIT_COMPILATION__: "true",
    },
    server: {
      port,
      strictPort: false,
      proxy: { "/api": { target: gateway, changeOrigin: false } },
    },
    build: {
      target: "es2023",
      manifest: true,
      // The policy of the static server allows no data: address in scripts and styles.
      assetsInlineLimit: 0,
      // Pages with big libraries are loaded by route; scripts/budget.ts guards what the first page needs.
      chunkSizeWarningLimit: 1200,
      reportCompressedSize: false,
    },
  };
}
