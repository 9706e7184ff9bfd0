import { createPinia } from "pinia";
import { createApp, watch, type Component } from "vue";
import type { Router } from "vue-router";

import {
  ApiError,
  connect,
  useConnection,
  useMetadata,
  useSession,
  wipeDatabases,
  type AppName,
  type EndReason,
} from "@superpaas/api";

import { ErrorPage, isWorthTelling, tellError, useForToasts } from "../feedback/index.ts";
import { setUpI18n, translate, useLanguage, type AppMessages } from "../i18n/index.ts";
import { guard } from "./guards.ts";
import { useRecents } from "./menu/recents.ts";
import { isMissingPart, partsAreThere, watchParts } from "./newer.ts";
import { usePreferences } from "./preferences/store.ts";
import { lookAgainAfter } from "./rights.ts";

export interface AppParts {
  app: AppName;
  root: Component;
  router: Router;
  /** The texts of the library that the app needs, and its own. */
  library: AppMessages;
  messages: AppMessages;
}

/** After these the same person goes on where he was. */
const BACK = new Set<EndReason>(["expired", "idle", "kicked"]);

/** What the browser takes to give the lock under which a session is renewed. */
const AHEAD_MS = 10;

/** Start an app: session, language, looks, then its pages. */
export async function startApp({ app, root, router, library, messages }: AppParts): Promise<void> {
  connect(app, { onEnd, onError });
  const pinia = createPinia();
  const i18n = setUpI18n(library, messages);
  const preferences = usePreferences(pinia);
  preferences.begin();
  const session = useSession(pinia);
  watch(
    () => session.state,
    (state) => {
      if (state === "signed-in") void entered();
    },
  );
  const resuming = session.resume().catch(caught);
  // Browsers ask for six things at a time: the renewal is on its way before the parts of the page take all places.
  if (useConnection().keeper.mayResume) setTimeout(() => fetchAhead(router), AHEAD_MS);
  const [, resumed] = await Promise.all([useLanguage(preferences.current.language), resuming]);
  if (resumed instanceof Failed) {
    // The platform does not answer: this is all that can be shown, and trying again is all that helps.
    showOnly({ error: resumed.reason, kind: "offline" });
    return;
  }
  const instance = createApp(root).use(pinia).use(i18n);
  useForToasts(instance._context);
  instance.config.errorHandler = report;
  guard(router);
  router.afterEach((to) => {
    const title = to.meta.title === undefined ? "" : `${translate(to.meta.title)} · `;
    document.title = title + translate(`layout.product.${app}`);
  });
  instance.use(router);
  const opened = await router.isReady().catch(caught);
  if (opened instanceof Failed) {
    showOnly({ error: opened.reason });
    return;
  }
  instance.mount("#app");
  partsAreThere();

  function showOnly(shown: { error: unknown; kind?: "offline" }): void {
    createApp(ErrorPage, { ...shown, retry: reload }).use(pinia).use(i18n).use(router).mount("#app");
  }

  async function entered(): Promise<void> {
    useRecents(pinia).begin();
    try {
      await preferences.load();
      await useLanguage(preferences.current.language);
    } catch (error) {
      tellError(error);
    }
  }

  function onEnd(reason: EndReason): void {
    useSession(pinia).end(reason);
    if (reason === "signed-out") useRecents(pinia).wipe();
    const gone = reason === "signed-out" ? useMetadata(pinia).wipe().then(() => wipeDatabases(app)) : Promise.resolve();
    // A new document: nothing that one person has seen stays in the memory of a page that the next one uses.
    void gone.finally(() => {
      const { fullPath } = router.currentRoute.value;
      const next = BACK.has(reason) && fullPath !== "/" ? `&next=${encodeURIComponent(fullPath)}` : "";
      location.assign(`/login?reason=${reason}${next}`);
    });
  }

  function onError(error: ApiError): void {
    if (error.code === "PASSWORD_CHANGE_REQUIRED") {
      useSession(pinia).requirePasswordChange();
      void router.push({ name: "password" });
      return;
    }
    // What it is about has been told already.
    lookAgainAfter(error).catch(() => undefined);
  }
}

/** The page that is asked for comes while the session is renewed, not after. */
function fetchAhead(router: Router): void {
  for (const { components } of router.resolve(location.pathname + location.search).matched) {
    const page: unknown = components?.["default"];
    // A failure is met again, and told, when the page itself is opened.
    if (typeof page === "function") (page as () => Promise<unknown>)().catch(() => undefined);
  }
}

class Failed {
  readonly reason: unknown;

  constructor(reason: unknown) {
    this.reason = reason;
  }
}

function caught(reason: unknown): Failed {
  return new Failed(reason);
}

function reload(): void {
  location.reload();
}

/** What no page has dealt with is told, never swallowed. */
function report(error: unknown): void {
  if (isMissingPart(error)) return;
  if (!(error instanceof ApiError)) console.error(error);
  if (isWorthTelling(error)) tellError(error);
}

globalThis.addEventListener("unhandledrejection", (event) => {
  if (event.reason instanceof ApiError) event.preventDefault();
  report(event.reason);
});

watchParts();
