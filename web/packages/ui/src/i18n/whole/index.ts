import type { AppMessages } from "../index.ts";

/** Every text of the library, for an app that shows documents. */
export const library: AppMessages = { "zh-CN": () => import("../zh-CN.ts"), "en-US": () => import("../en-US.ts") };
