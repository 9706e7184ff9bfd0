export { default as AppRoot } from "./AppRoot.vue";
export { default as CellGate } from "./CellGate.vue";
export { guard, isPermitted, localPath, NOT_FOUND_ROUTE, SIGN_IN_ROUTES } from "./guards.ts";
export { useRecents } from "./menu/recents.ts";
export { matches } from "./menu/searching.ts";
export type { MenuGroup, MenuItem, MenuSection } from "./menu/types.ts";
export { useCommands, useCommandSearch, type Command, type CommandSearch } from "./palette/commands.ts";
export { usePreferences, type Bookmark, type Preferences } from "./preferences/store.ts";
export { startApp, type AppParts } from "./start.ts";
