export * from "./client.ts";
export * from "./errors.ts";
export * from "./ids.ts";
export * from "./query.ts";
