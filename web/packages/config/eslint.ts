import globals from "globals";
import vue from "eslint-plugin-vue";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** What the type checker cannot see; layout is left to the editor. */
export default defineConfig([
  globalIgnores(["**/dist/**", "**/node_modules/**", "**/public/**", "packages/api/src/generated/**"]),
  tseslint.configs.strict,
  tseslint.configs.stylistic,
  vue.configs["flat/recommended"],
  {
    files: ["**/*.{ts,vue}"],
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: { parser: tseslint.parser, extraFileExtensions: [".vue"] },
    },
    rules: {
      "no-console": ["error", { allow: ["warn", "error"] }],
      eqeqeq: ["error", "always"],
      "no-eval": "error",
      "max-lines": ["error", { max: 400 }],
      // HTML from data would be a way for script into the page: texts are shown as text, everywhere.
      "vue/no-v-html": "error",
      "vue/multi-word-component-names": "off",
      "vue/component-api-style": ["error", ["script-setup", "composition"]],
      "vue/block-lang": ["error", { script: { lang: "ts" } }],
      "vue/define-macros-order": "error",
      "vue/no-unused-refs": "error",
      // An absent property is `undefined` by its type; a default of its own would only hide that.
      "vue/require-default-prop": "off",
      // Layout of templates is no matter of correctness.
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/multiline-html-element-content-newline": "off",
      "vue/html-self-closing": "off",
      "vue/html-indent": "off",
      "vue/html-closing-bracket-newline": "off",
      "vue/first-attribute-linebreak": "off",
      "vue/attributes-order": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
    },
  },
  {
    files: ["**/test/**", "**/*.test.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
  { files: ["scripts/**", "packages/config/**", "**/*.config.ts"], languageOptions: { globals: globals.node } },
  { files: ["scripts/**"], rules: { "no-console": "off" } },
]);
