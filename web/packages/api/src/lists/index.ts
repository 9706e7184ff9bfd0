export * from "./filters.ts";
export * from "./pages.ts";
