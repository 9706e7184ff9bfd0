import { describe, expect, it } from "vitest";

import { unreadable } from "./compiling.ts";
import english from "./en-US.ts";
import { keysOf, nameSpace } from "./folders.ts";
import chinese from "./zh-CN.ts";

describe("texts of the library", () => {
  it("are there in both languages under the same names", () => {
    expect(keysOf(english).sort()).toEqual(keysOf(chinese).sort());
  });

  it("are all there: none is empty", () => {
    for (const messages of [chinese, english]) expect(keysOf(messages).filter((key) => key.endsWith("."))).toEqual([]);
  });

  it("have their folder as name space", () => {
    expect(nameSpace("../boards/kanban/locales/zh-CN.ts")).toEqual(["boards", "kanban"]);
    expect(nameSpace("./pages/home/locales/zh-CN.ts")).toEqual(["pages", "home"]);
  });

  it("can be read by the translator", () => {
    for (const messages of [chinese, english]) expect(unreadable(messages)).toEqual([]);
  });
});
