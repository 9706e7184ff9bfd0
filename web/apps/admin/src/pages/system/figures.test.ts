import { describe, expect, it } from "vitest";

import { byTrouble, diskLight, licenceCounts, loadLight, matching, memoryLight, safeUrl, usedShare } from "./figures.ts";
import type { Disk, Licence, Process } from "./types.ts";

const disk = (free: number): Disk => ({ name: "data", path: "/d", bytes: 1000, free_bytes: free });
const licences: Licence[] = [
  { name: "a", version: "1", licence: "MIT", url: null },
  { name: "b", version: "2", licence: null, url: null },
  { name: "c", version: "3", licence: "MIT", url: null },
];

describe("the machine", () => {
  it("warns before a disk is full", () => {
    expect([disk(500), disk(150), disk(99)].map(diskLight)).toEqual(["green", "yellow", "red"]);
  });

  it("knows shares only where both figures are known", () => {
    expect(usedShare(null, 5)).toBeNull();
    expect(usedShare(0, 0)).toBeNull();
    expect(usedShare(200, 50)).toBe(0.75);
    expect(memoryLight(null)).toBeNull();
    expect(memoryLight(0.96)).toBe("red");
  });

  it("judges load by cores", () => {
    expect(loadLight([9, 2, 1], 2)).toBe("green");
    expect(loadLight([0, 4, 1], 2)).toBe("yellow");
    expect(loadLight([0, 9, 1], 2)).toBe("red");
  });

  it("puts what does not run on top", () => {
    const processes = [{ name: "a", ready: true }, { name: "z", ready: false }] as Process[];
    expect(byTrouble(processes).map((item) => item.name)).toEqual(["z", "a"]);
  });
});

describe("licences", () => {
  it("are counted, those without one too", () => {
    expect(licenceCounts(licences, "?")).toEqual([{ name: "MIT", count: 2 }, { name: "?", count: 1 }]);
  });

  it("are searched by name and licence", () => {
    expect(matching(licences, " mit ").map((item) => item.name)).toEqual(["a", "c"]);
  });

  it("link only to web pages", () => {
    expect(safeUrl("https://x.org")).toBe("https://x.org");
    expect(safeUrl("javascript:alert(1)")).toBeNull();
  });
});
