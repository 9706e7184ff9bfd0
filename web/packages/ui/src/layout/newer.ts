import { tellAction, tell } from "../feedback/index.ts";
import { translate } from "../i18n/index.ts";

const RELOADED = "superpaas.reloaded";
const missing = new WeakSet<object>();
let mounted = false;
let told = false;

/** Whether this is the failure of a part of the program that could not be loaded; it is told by {@link watchParts}. */
export function isMissingPart(error: unknown): boolean {
  return error !== null && typeof error === "object" && missing.has(error);
}

/**
 * After an update of the platform the parts of the old program are gone. An open page says so, and reloads when its
 * user wants it: by itself it would take with it what he is writing. A page that is only starting has nothing to lose.
 */
export function watchParts(): void {
  globalThis.addEventListener("vite:preloadError", (event) => {
    missing.add(event.payload);
    if (mounted) void tellMissing(event.payload);
    else if (sessionStorage.getItem(RELOADED) === null) {
      sessionStorage.setItem(RELOADED, "1");
      location.reload();
    }
  });
}

/** The page stands: from now on only its user reloads it. */
export function partsAreThere(): void {
  mounted = true;
  sessionStorage.removeItem(RELOADED);
}

async function tellMissing(error: Error): Promise<void> {
  if (told) return;
  told = true;
  if (await isAway(error)) {
    told = false;
    tell(translate("feedback.error.NETWORK"), "warning");
    return;
  }
  tellAction(translate("layout.newer.text"), translate("layout.newer.reload"), () => {
    location.reload();
  });
}

/** Whether nobody answers at all: then nothing is known of a newer program. */
async function isAway(error: Error): Promise<boolean> {
  const [address] = /(?:https?:\/\/|\/)\S+\.(?:js|css)/.exec(error.message) ?? [];
  if (address === undefined) return !navigator.onLine;
  return fetch(address, { method: "HEAD", cache: "no-store" }).then(
    () => false,
    () => true,
  );
}
