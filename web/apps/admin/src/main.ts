import { library } from "@superpaas/ui/i18n/part";
import { startApp } from "@superpaas/ui/layout";
import "@superpaas/ui/theme";

import App from "./App.vue";
import "./early.ts";
import { messages } from "./i18n/index.ts";
import { router } from "./router.ts";

await startApp({ app: "admin", root: App, router, library, messages });
