import { defineStore } from "pinia";
import { ref } from "vue";

import { safeStorage, useConnection } from "@superpaas/api";

import { isBookmark, type Bookmark } from "../preferences/store.ts";

const MOST = 15;

/** The pages visited last, of this user on this machine. */
export const useRecents = defineStore("recents", () => {
  const pages = ref<Bookmark[]>([]);

  function begin(): void {
    try {
      const kept: unknown = JSON.parse(safeStorage().getItem(mark()) ?? "[]");
      pages.value = Array.isArray(kept) ? kept.filter(isBookmark).slice(0, MOST) : [];
    } catch {
      pages.value = [];
    }
  }

  /** A page has been opened; forms give the row's title when they know it. */
  function visit(page: Bookmark): void {
    if (page.title === "" || page.path === "/") return;
    pages.value = [page, ...pages.value.filter((item) => item.path !== page.path)].slice(0, MOST);
    safeStorage().setItem(mark(), JSON.stringify(pages.value));
  }

  /** Titles of documents are data: they leave the machine with the session. */
  function wipe(): void {
    safeStorage().removeItem(mark());
    pages.value = [];
  }

  return { pages, begin, visit, wipe };
});

function mark(): string {
  return `superpaas.${useConnection().app}.recents`;
}
