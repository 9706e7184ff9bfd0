import { byFolder } from "./folders.ts";

/** The English texts of every folder; a folder is added by having `locales/en-US.ts`. */
export default byFolder(import.meta.glob("../**/locales/en-US.ts", { eager: true, import: "default" }));
