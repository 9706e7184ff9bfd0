export * from "./files/index.ts";
export * from "./format/index.ts";
export * from "./http/index.ts";
export * from "./lists/index.ts";
export * from "./meta/index.ts";
export * from "./session/index.ts";
export type * from "./typed.ts";
