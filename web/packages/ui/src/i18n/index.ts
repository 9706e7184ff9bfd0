import { createI18n, type I18n } from "vue-i18n";

import type { Messages } from "./folders.ts";

export { byFolder, keysOf, type Messages } from "./folders.ts";

export const LANGUAGES = ["zh-CN", "en-US"] as const;
export type Language = (typeof LANGUAGES)[number];

/** The texts of an app or of the library, by language; each language is a chunk of its own. */
export type AppMessages = Record<Language, () => Promise<{ default: Messages }>>;

let instance: I18n<Record<string, never>, Record<string, never>, Record<string, never>, string, false> | undefined;
let parts: AppMessages[] = [];

/** The one translator of the app, with the library's texts first. Use `useI18n()` in components and `translate` elsewhere. */
export function setUpI18n(...messages: AppMessages[]) {
  parts = messages;
  instance = createI18n({ legacy: false, locale: "zh-CN", fallbackLocale: false, missingWarn: false }) as never;
  return instance as NonNullable<typeof instance>;
}

/** Load a language's texts (once) and switch to it. */
export async function useLanguage(language: Language): Promise<void> {
  if (instance === undefined) throw new Error("setUpI18n comes first");
  const { global } = instance;
  if (!global.availableLocales.includes(language) || Object.keys(global.getLocaleMessage(language)).length === 0) {
    const texts = await Promise.all(parts.map((part) => part[language]()));
    global.setLocaleMessage(language, Object.assign({}, ...texts.map((text) => text.default)) as never);
  }
  global.locale.value = language;
  document.documentElement.lang = language;
}

/** A text outside of a component's set-up. */
export function translate(key: string, named: Record<string, unknown> = {}): string {
  if (instance === undefined) return key;
  return instance.global.t(key, named);
}
