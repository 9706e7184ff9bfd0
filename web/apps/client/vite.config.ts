import { defineConfig } from "vite";

import { appConfig } from "../../packages/config/vite.ts";

export default defineConfig(appConfig({ at: import.meta.url, port: 5183 }));
