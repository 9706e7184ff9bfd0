import { byFolder } from "./folders.ts";

/** The Chinese texts of every folder; a folder is added by having `locales/zh-CN.ts`. */
export default byFolder(import.meta.glob("../**/locales/zh-CN.ts", { eager: true, import: "default" }));
