import { describe, expect, it } from "vitest";

import { cleaned, ScanDetector, type Typed } from "./detector.ts";

function type(detector: ScanDetector, text: string, everyMs: number, end = "Enter", from = 0): Typed {
  let at = from;
  for (const key of text) {
    detector.press({ key, at });
    at += everyMs;
  }
  return detector.press({ key: end, at });
}

describe("telling a scanner from a hand", () => {
  it("is by the time between keys", () => {
    expect(type(new ScanDetector(), "DN1998", 8)).toEqual({ kind: "scan", code: "DN1998" });
    expect(type(new ScanDetector(), "DN1998", 30, "Tab")).toEqual({ kind: "scan", code: "DN1998" });
    expect(type(new ScanDetector(), "DN1998", 31)).toEqual({ kind: "typed", text: "DN1998" });
  });

  it("needs every key to be fast: one slow key is a hand", () => {
    const detector = new ScanDetector();
    detector.press({ key: "A", at: 0 });
    detector.press({ key: "B", at: 10 });
    detector.press({ key: "C", at: 200 });
    expect(detector.press({ key: "Enter", at: 205 })).toEqual({ kind: "typed", text: "ABC" });
  });

  it("forgets a key that was touched long before the scan", () => {
    const detector = new ScanDetector();
    detector.press({ key: "x", at: 0 });
    expect(type(detector, "4006381333931", 5, "Enter", 5000)).toEqual({ kind: "scan", code: "4006381333931" });
  });

  it("takes shift keys for nothing, and an end without a code too", () => {
    const detector = new ScanDetector();
    detector.press({ key: "Shift", at: 0 });
    expect(detector.press({ key: "Enter", at: 1 })).toBeNull();
  });

  it("lets a hand correct what it types", () => {
    const detector = new ScanDetector();
    for (const [at, key] of ["A", "C", "Backspace", "B"].entries()) detector.press({ key, at: at * 100 });
    expect(detector.pending).toBe("AB");
  });

  it("knows codes without what scanners add", () => {
    expect(cleaned("]C1DN1998\u001d\r")).toBe("DN1998");
    expect(cleaned(" A-1 ")).toBe("A-1");
  });
});
