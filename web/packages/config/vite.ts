import { existsSync, readdirSync } from "node:fs";
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

/** Everything of Element Plus that pages may import; only development servers need the list. */
function elementPlusParts(): string[] {
  const components = new URL("../../node_modules/element-plus/es/components/", import.meta.url);
  if (!existsSync(components)) return [];
  const styles = readdirSync(components)
    .filter((name) => existsSync(new URL(`${name}/style/css.mjs`, components)))
    .map((name) => `element-plus/es/components/${name}/style/css`);
  return ["element-plus", "element-plus/es", ...styles];
}

/**
 * What pages share comes in few files: browsers ask a server for six at a time, and a part of a component library for
 * each input and each icon made a hundred of them. What every page needs at its start is two files, the program of the
 * libraries, which changes with their versions, and the shell; parts that the same pages need lie together, and those
 * that are small join others.
 */
/** What runs before the program is there: a file of its own, which needs no other. */
const EARLY = /[\\/]src[\\/]early(?:[\\/]|\.ts)/;
const ENTRY = /[\\/](?:index\.html|main\.ts)(?:\?|$)/;
const GROUPS = [
  { name: "early", test: EARLY, priority: 60 },
  { name: "core", tags: ["$initial" as const], test: /[\\/]node_modules[\\/](?:@vue|vue|vue-router|pinia|vue-i18n|@intlify|dexie)[\\/]/, priority: 50 },
  { name: "shell", tags: ["$initial" as const], test: (id: string) => !ENTRY.test(id), priority: 40 },
  { name: "table", test: /[\\/]node_modules[\\/](?:vxe-table|@vxe-ui|vxe-pc-ui|xe-utils)[\\/]/, priority: 20 },
  {
    name: "elements",
    test: /[\\/]node_modules[\\/](?:element-plus|@element-plus|@vueuse|lodash-es|lodash-unified|@floating-ui|@popperjs|dayjs|async-validator)[\\/]/,
    minShareCount: 3,
    priority: 15,
  },
  { name: "fields", test: /[\\/]packages[\\/](?:api|ui)[\\/]|[\\/]node_modules[\\/]decimal/, minShareCount: 3, priority: 10 },
  { name: "shared", minShareCount: 2, priority: 0, entriesAware: true, entriesAwareMergeThreshold: 20_000 },
];

/** Groups are named after all the pages that need them; the first word is enough. */
function chunkName({ name }: { name: string }): string {
  return `assets/${name.split("~")[0] ?? name}-[hash].js`;
}

/** The early part stands first in the page, and does not wait for anything. */
function earlyPart(): PluginOption {
  return {
    name: "superpaas-early",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle }) {
        const file = Object.keys(bundle ?? {}).find((name) => name.startsWith("assets/early-"));
        // A development server has no bundle: there it comes with the program.
        if (file === undefined) return html;
        return [{ tag: "script", attrs: { type: "module", async: true, crossorigin: true, src: `/${file}` }, injectTo: "head-prepend" }];
      },
    },
  };
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
  // Several development servers may run at once, each on its port; they must not write over each other's prepared parts.
  const given = process.argv.indexOf("--port");
  const ownPort = given > 0 ? (process.argv[given + 1] ?? String(port)) : String(port);
  const gateway = process.env["SUPERPAAS_API"] ?? "http://127.0.0.1:8000";
  return {
    root: fileURLToPath(new URL(".", at)),
    cacheDir: fileURLToPath(new URL(`../../node_modules/.vite/${ownPort}`, at)),
    plugins: [...vuePlugins(), earlyPart(), ...plugins],
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
    // Prepared at the start: parts that are found while pages open would reload them.
    optimizeDeps: { include: elementPlusParts() },
    build: {
      target: "es2023",
      manifest: true,
      // The policy of the static server allows no data: address in scripts and styles.
      assetsInlineLimit: 0,
      // Pages with big libraries are loaded by route; scripts/budget.ts guards what the first page needs.
      chunkSizeWarningLimit: 1200,
      reportCompressedSize: false,
      rolldownOptions: { output: { codeSplitting: { groups: GROUPS }, chunkFileNames: chunkName } },
    },
  };
}
