import { byFolder } from "@superpaas/ui/i18n";

export default byFolder(import.meta.glob("../**/locales/en-US.ts", { eager: true, import: "default" }));
