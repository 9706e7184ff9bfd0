/** What polling needs of the browser; tests give their own. */
export interface Screen {
  visible: () => boolean;
  onChange: (listener: () => void) => () => void;
}

export const screen: Screen = {
  visible: () => document.visibilityState === "visible",
  onChange: (listener) => {
    document.addEventListener("visibilitychange", listener);
    globalThis.addEventListener("online", listener);
    return () => {
      document.removeEventListener("visibilitychange", listener);
      globalThis.removeEventListener("online", listener);
    };
  },
};

/**
 * Do something now and then, as long as somebody can see it: a tab in the background asks nothing, and asks at once
 * when it is looked at again. After failures the pause doubles, so that a platform in trouble is left in peace.
 */
export function poll(work: () => Promise<void>, everyMs: number, on: Screen = screen): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let running = false;
  let failures = 0;
  let last = Number.NEGATIVE_INFINITY;

  async function round(): Promise<void> {
    clearTimeout(timer);
    if (stopped || running || !on.visible()) return;
    running = true;
    last = Date.now();
    try {
      await work();
      failures = 0;
    } catch {
      failures += 1;
    }
    running = false;
    plan();
  }

  function plan(): void {
    clearTimeout(timer);
    if (stopped || !on.visible()) return;
    const pause = everyMs * 2 ** Math.min(failures, 4);
    timer = setTimeout(() => void round(), Math.max(0, last + pause - Date.now()));
  }

  const forget = on.onChange(plan);
  void round();
  return () => {
    stopped = true;
    clearTimeout(timer);
    forget();
  };
}
