import { byFolder } from "@superpaas/ui/i18n";

export default byFolder(import.meta.glob("../**/locales/zh-CN.ts", { eager: true, import: "default" }));
