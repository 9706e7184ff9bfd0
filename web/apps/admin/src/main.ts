import { createPinia } from "pinia";
import { createApp } from "vue";

import { setUpI18n, useLanguage } from "@superpaas/ui/i18n";
import "@superpaas/ui/theme";

import App from "./App.vue";
import { messages } from "./i18n/index.ts";
import { router } from "./router.ts";

const i18n = setUpI18n(messages);
await useLanguage("zh-CN");
createApp(App).use(createPinia()).use(i18n).use(router).mount("#app");
