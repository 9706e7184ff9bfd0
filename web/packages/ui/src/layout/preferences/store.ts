import { defineStore } from "pinia";
import { computed, ref, watch } from "vue";

import { ApiError, language as requestLanguage, safeStorage, useConnection } from "@superpaas/api";

import { LANGUAGES, type Language } from "../../i18n/index.ts";

export const THEMES = ["auto", "light", "dark"] as const;
export const DENSITIES = ["compact", "normal", "wide"] as const;
export const FONTS = ["small", "normal", "large", "huge"] as const;

/** A page that a user comes back to. */
export interface Bookmark {
  path: string;
  title: string;
}

/** How a user likes it. Kept with him on the server, and on the machine so that the first paint is right. */
export interface Preferences {
  language: Language;
  theme: (typeof THEMES)[number];
  density: (typeof DENSITIES)[number];
  font: (typeof FONTS)[number];
  watermark: boolean;
  menuClosed: boolean;
  favourites: Bookmark[];
  /** What pages keep for themselves, by their own names: `home.cards`. */
  pages: Record<string, unknown>;
}

/** `GET` and `PUT /api/v1/auth/preferences`. */
interface Stored {
  value: Partial<Preferences>;
  version: number;
}

const PATH = "/api/v1/auth/preferences";
const MOST_FAVOURITES = 30;

export function usualPreferences(): Preferences {
  const asked = typeof navigator === "undefined" ? "zh-CN" : navigator.language;
  return {
    language: asked.toLowerCase().startsWith("zh") ? "zh-CN" : "en-US",
    theme: "auto",
    density: "normal",
    font: "normal",
    watermark: false,
    menuClosed: false,
    favourites: [],
    pages: {},
  };
}

/** What is stored, made sure of: an older app or a hand may have written it. */
export function checked(value: unknown): Partial<Preferences> {
  if (value === null || typeof value !== "object") return {};
  const given = value as Record<string, unknown>;
  const found: Partial<Preferences> = {};
  const oneOf = <T extends string>(name: keyof Preferences, choices: readonly T[]): void => {
    if (choices.includes(given[name] as T)) Object.assign(found, { [name]: given[name] });
  };
  oneOf("language", LANGUAGES);
  oneOf("theme", THEMES);
  oneOf("density", DENSITIES);
  oneOf("font", FONTS);
  for (const name of ["watermark", "menuClosed"] as const) {
    if (typeof given[name] === "boolean") found[name] = given[name];
  }
  if (Array.isArray(given["favourites"])) {
    found.favourites = given["favourites"].filter(isBookmark).slice(0, MOST_FAVOURITES);
  }
  if (given["pages"] !== null && typeof given["pages"] === "object" && !Array.isArray(given["pages"])) {
    found.pages = given["pages"] as Record<string, unknown>;
  }
  return found;
}

/** A page of this app, by a path of its own; anything else would be a way out of it. */
export function isBookmark(value: unknown): value is Bookmark {
  if (value === null || typeof value !== "object") return false;
  const { path, title } = value as Record<string, unknown>;
  return typeof path === "string" && /^\/(?!\/)/.test(path) && typeof title === "string" && title.length <= 200;
}

export const usePreferences = defineStore("preferences", () => {
  const current = ref<Preferences>(usualPreferences());
  let version = 0;
  let writing: Promise<void> = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let signedIn = false;

  const isDark = computed(
    () => current.value.theme === "dark" || (current.value.theme === "auto" && systemIsDark.value),
  );
  const systemIsDark = ref(false);

  /** Read what this machine remembers; before the first paint. */
  function begin(): void {
    try {
      const kept: unknown = JSON.parse(safeStorage().getItem(mark()) ?? "null");
      Object.assign(current.value, checked(kept));
    } catch {
      // What cannot be read is as if it were not there.
    }
    const system = globalThis.matchMedia("(prefers-color-scheme: dark)");
    systemIsDark.value = system.matches;
    system.addEventListener("change", (event) => {
      systemIsDark.value = event.matches;
    });
    watch(current, keep, { deep: true });
    watch([isDark, current], paint, { immediate: true, deep: true });
    watch(
      () => current.value.language,
      (chosen) => {
        requestLanguage.value = chosen;
      },
      { immediate: true, flush: "sync" },
    );
  }

  /** Take over the user's own after he has signed in. */
  async function load(): Promise<void> {
    const stored = await useConnection().api.get<Stored>(PATH);
    version = stored.version;
    Object.assign(current.value, checked(stored.value));
    signedIn = true;
  }

  function set(change: Partial<Preferences>): void {
    Object.assign(current.value, change);
    if (!signedIn) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      writing = writing.catch(() => undefined).then(write);
    }, 600);
  }

  function isFavourite(path: string): boolean {
    return current.value.favourites.some((item) => item.path === path);
  }

  function toggleFavourite(page: Bookmark): void {
    const others = current.value.favourites.filter((item) => item.path !== page.path);
    const favourites = isFavourite(page.path) ? others : [...others, page].slice(-MOST_FAVOURITES);
    set({ favourites });
  }

  /** A name in both languages, as services give it, in the user's. */
  function labelOf(label: { zh: string; en: string } | undefined): string | undefined {
    return current.value.language === "en-US" ? label?.en : label?.zh;
  }

  async function write(): Promise<void> {
    const { api } = useConnection();
    const body = { value: current.value, version };
    const stored = await api.put<Stored>(PATH, body).catch(async (error: unknown) => {
      if (!(error instanceof ApiError && error.isVersionConflict)) throw error;
      // Another tab or machine has written meanwhile: this change comes on top of it.
      const latest = await api.get<Stored>(PATH);
      return api.put<Stored>(PATH, { ...body, version: latest.version });
    });
    version = stored.version;
  }

  function keep(): void {
    safeStorage().setItem(mark(), JSON.stringify(current.value));
  }

  function paint(): void {
    const { dataset, classList } = document.documentElement;
    classList.toggle("dark", isDark.value);
    dataset["density"] = current.value.density;
    dataset["font"] = current.value.font;
  }

  return { current, isDark, begin, load, set, labelOf, isFavourite, toggleFavourite };
});

function mark(): string {
  return `superpaas.${useConnection().app}.preferences`;
}
