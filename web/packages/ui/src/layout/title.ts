import { watchEffect } from "vue";
import { useRoute } from "vue-router";

import { useConnection } from "@superpaas/api";

import { translate } from "../i18n/index.ts";
import { useRecents } from "./menu/recents.ts";

/**
 * Name the page at an address, in the window and among the pages visited last; an empty title waits until there is one.
 * The address keeps the name from being given to the page that follows, while this one is being left.
 */
export function usePageTitle(title: () => string, path: () => string): void {
  const route = useRoute();
  const recents = useRecents();
  const { app } = useConnection();
  watchEffect(() => {
    const text = title();
    const place = path();
    if (text === "" || route.path !== place) return;
    document.title = `${text} · ${translate(`layout.product.${app}`)}`;
    untracked(() => {
      recents.visit({ path: place, title: text });
    });
  });
}

/** Without following what is read: the list of pages changes by being added to. */
function untracked(work: () => void): void {
  void Promise.resolve().then(work);
}
