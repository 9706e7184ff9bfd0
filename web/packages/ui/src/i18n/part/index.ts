import type { AppMessages } from "../index.ts";

/** The texts of the library's general parts, for an app without lists and forms of documents. */
export const library: AppMessages = { "zh-CN": () => import("./zh-CN.ts"), "en-US": () => import("./en-US.ts") };
