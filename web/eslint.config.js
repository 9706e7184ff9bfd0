export { default } from "./packages/config/eslint.ts";
