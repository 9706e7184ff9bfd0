import type { AppMessages } from "@superpaas/ui/i18n";

/** The texts of this app's pages, merged from the `locales/` of each folder. */
export const messages: AppMessages = { "zh-CN": () => import("./zh-CN.ts"), "en-US": () => import("./en-US.ts") };
