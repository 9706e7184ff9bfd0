/** What only people do; a page that scrolls or asks by itself does none of it. */
const DOINGS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;
/** Other windows need to know it no more exactly than this. */
const TELL_MS = 10_000;

/** Notice what a person does in this window; answers when he last did something in any window of the app. */
export function watchActivity(app: string, storage: Pick<Storage, "getItem" | "setItem">): () => number {
  const mark = `superpaas.${app}.active`;
  let here = 0;
  let told = 0;

  function notice(): void {
    here = Date.now();
    if (here - told < TELL_MS) return;
    told = here;
    storage.setItem(mark, String(here));
  }

  // Whoever opens the app is there.
  notice();
  if (typeof document !== "undefined") {
    for (const doing of DOINGS) document.addEventListener(doing, notice, { passive: true, capture: true });
  }
  return () => Math.max(here, Number(storage.getItem(mark) ?? 0));
}
