import { byFolder } from "../folders.ts";

/** The Chinese texts of the folders that the console stands on: what it does not show it does not load. */
export default byFolder(
  import.meta.glob("../../{feedback,fields,grid,layout,reporting}/**/locales/zh-CN.ts", { eager: true, import: "default" }),
);
