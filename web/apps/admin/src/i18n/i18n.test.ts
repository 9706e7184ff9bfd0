import { describe, expect, it } from "vitest";

import { keysOf } from "@superpaas/ui/i18n";
import { unreadable } from "../../../../packages/ui/src/i18n/compiling.ts";

import english from "./en-US.ts";
import chinese from "./zh-CN.ts";

describe("texts of the app", () => {
  it("are there in both languages under the same names", () => {
    expect(keysOf(english).sort()).toEqual(keysOf(chinese).sort());
  });

  it("can be read by the translator", () => {
    for (const messages of [chinese, english]) expect(unreadable(messages)).toEqual([]);
  });
});
