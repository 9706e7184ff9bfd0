export * from "./app.ts";
export * from "./keeper.ts";
export * from "./permissions.ts";
export * from "./store.ts";
export * from "./types.ts";
