import { describe, expect, it } from "vitest";

import { bytesOf, gibText } from "./packages.ts";

describe("the storage of a package", () => {
  it("is typed in GiB and kept in bytes", () => {
    expect(bytesOf("10")).toBe(10_737_418_240);
    expect(bytesOf("0.5")).toBe(536_870_912);
    expect(gibText(10_737_418_240)).toBe("10");
    expect(gibText(bytesOf("1.25") ?? null)).toBe("1.25");
  });

  it("is unlimited when nothing is typed, and refused when it is no size", () => {
    expect(bytesOf(" ")).toBeNull();
    expect(gibText(null)).toBe("");
    for (const text of ["-1", "0", "ten", "1e3", "99999999"]) expect(bytesOf(text)).toBeUndefined();
  });
});
