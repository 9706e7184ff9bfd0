import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";

import { appConfig } from "../../packages/config/vite.ts";

/** The app on a phone's home screen; its worker keeps the program, never an answer of the interface. */
const installable = VitePWA({
  registerType: "prompt",
  // Registered by src/pwa, as the policy of scripts allows nothing inline.
  injectRegister: null,
  manifest: {
    id: "/",
    name: "超级PaaS平台",
    short_name: "超级PaaS",
    description: "审批、消息与扫码作业 · Approvals, messages, scanning",
    lang: "zh-CN",
    start_url: "/",
    scope: "/",
    display: "standalone",
    theme_color: "#1f5fd0",
    background_color: "#f3f5f8",
    icons: [
      { src: "/icons/icon-192.png", sizes: "192x192", type: "image/png" },
      { src: "/icons/icon-512.png", sizes: "512x512", type: "image/png" },
      { src: "/icons/maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
    shortcuts: [
      { name: "审批", url: "/inbox" },
      { name: "消息", url: "/messages" },
    ],
  },
  workbox: {
    // The page itself; its parts have a hash in their names and are kept as they are used.
    globPatterns: ["index.html", "favicon.svg", "manifest.webmanifest"],
    navigateFallback: "/index.html",
    navigateFallbackDenylist: [/^\/api\//],
    cleanupOutdatedCaches: true,
    inlineWorkboxRuntime: true,
    sourcemap: false,
    runtimeCaching: [
      {
        urlPattern: ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith("/assets/"),
        handler: "CacheFirst",
        options: { cacheName: "program", expiration: { maxEntries: 400, maxAgeSeconds: 30 * 24 * 3600 } },
      },
    ],
  },
});

export default defineConfig(appConfig({ at: import.meta.url, port: 5183, plugins: [installable] }));
