/** A key as the detector needs it. */
export interface Key {
  key: string;
  /** Milliseconds, from any beginning. */
  at: number;
}

/** A scanner types like no hand does: a whole code with at most this between two keys. */
export const SCANNER_MS = 30;
/** Shorter ones are a hand's luck. */
const SHORTEST = 3;
/** After this the next key begins something new. */
const PAUSE_MS = 500;
const ENDS = new Set(["Enter", "Tab"]);

export type Typed = { kind: "scan"; code: string } | { kind: "typed"; text: string } | null;

/**
 * Tells a scanner from a hand by the time between keys. Scanners end a code with Enter or Tab; what has come slower is
 * handed over as typed, so that a code may also be entered by hand where a label is torn.
 */
export class ScanDetector {
  private text = "";
  private last = Number.NEGATIVE_INFINITY;
  private slowest = 0;

  /** What is complete with this key; `null` while it is not. */
  press({ key, at }: Key): Typed {
    const since = at - this.last;
    if (ENDS.has(key)) {
      const { text, slowest } = this;
      this.clear();
      if (text === "") return null;
      // Some scanners wait a little before the end key; the code itself has come fast all the same.
      if (text.length >= SHORTEST && slowest <= SCANNER_MS && since <= PAUSE_MS) return { kind: "scan", code: text };
      return { kind: "typed", text };
    }
    if (key === "Backspace") {
      this.text = this.text.slice(0, -1);
      this.slowest = PAUSE_MS;
      this.last = at;
      return null;
    }
    if (key.length !== 1) return null;
    if (this.text !== "" && since > PAUSE_MS && this.slowest <= SCANNER_MS) this.clear();
    if (this.text !== "") this.slowest = Math.max(this.slowest, since);
    this.text += key;
    this.last = at;
    return null;
  }

  /** What has come so far; shown, so that a hand sees what it types. */
  get pending(): string {
    return this.text;
  }

  clear(): void {
    this.text = "";
    this.slowest = 0;
    this.last = Number.NEGATIVE_INFINITY;
  }
}

/** A code as it is looked up: without the signs that scanners put before and after (AIM, GS1, line ends). */
export function cleaned(code: string): string {
  return code.replace(/^\][A-Za-z][0-9A-Za-z]/, "").replace(/[\u0000-\u001f\u007f]/g, "").trim();
}
