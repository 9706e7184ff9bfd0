export * from "./cache.ts";
export * from "./fetching.ts";
export * from "./lookup.ts";
export * from "./store.ts";
export * from "./types.ts";
