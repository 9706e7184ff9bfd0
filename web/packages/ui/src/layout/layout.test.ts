import { createPinia, setActivePinia } from "pinia";
import { beforeEach, describe, expect, it } from "vitest";
import { nextTick } from "vue";

import { connect } from "@superpaas/api";

import { localPath } from "./guards.ts";
import { useRecents } from "./menu/recents.ts";
import { allItems, found } from "./menu/searching.ts";
import type { MenuSection } from "./menu/types.ts";
import type { Command } from "./palette/commands.ts";
import { ranked } from "./palette/ranking.ts";
import { checked, usePreferences } from "./preferences/store.ts";

const MENU: MenuSection[] = [
  {
    key: "crm",
    label: "客户关系管理",
    state: "ready",
    groups: [
      {
        label: "业务",
        items: [
          { to: "/c/crm/quotes", label: "报价单", words: "quotes" },
          { to: "/c/crm/leads", label: "线索" },
        ],
      },
      { label: "设置", folded: true, items: [{ to: "/c/crm/views", label: "视图", words: "views" }] },
    ],
  },
  { key: "erp", label: "企业资源计划", state: "stopped", groups: [] },
];

function labels(sections: MenuSection[]): string[] {
  return allItems(sections).map(({ item }) => item.label);
}

describe("the menu", () => {
  it.each([
    ["报价", ["报价单"]],
    ["QUOTES", ["报价单"]],
    ["客户", ["报价单", "线索", "视图"]],
    ["客户 视图", ["视图"]],
    ["没有", []],
    ["  ", ["报价单", "线索", "视图"]],
  ])("is searched for %s", (text, expected) => {
    expect(labels(found(MENU, text))).toEqual(expected);
  });

  it("opens what is folded when that is what was looked for", () => {
    expect(found(MENU, "视图")[0]?.groups[0]?.folded).toBe(false);
  });

  it("keeps a stopped application while nothing is looked for", () => {
    expect(found(MENU, "").map((section) => section.key)).toEqual(["crm", "erp"]);
  });
});

describe("commands", () => {
  const commands: Command[] = ["新建报价单", "报价单", "打印", "Quote report"].map((title) => ({
    id: title,
    title,
    group: "g",
    words: title === "打印" ? "print" : "",
    run: () => undefined,
  }));

  it.each([
    ["报价单", ["报价单", "新建报价单"]],
    ["新报", ["新建报价单"]],
    ["print", ["打印"]],
    ["report quote", ["Quote report"]],
    ["xyz", []],
  ])("are ranked for %s", (text, expected) => {
    expect(ranked(commands, text, 10).map((command) => command.title)).toEqual(expected);
  });

  it("stay in their order while nothing is typed", () => {
    expect(ranked(commands, "", 2).map((command) => command.title)).toEqual(["新建报价单", "报价单"]);
  });
});

describe("the page after the login", () => {
  it.each([
    ["/c/crm/leads?q=a", "/c/crm/leads?q=a"],
    ["https://elsewhere.example/", "/"],
    ["//elsewhere.example/", "/"],
    ["/\\elsewhere.example", "/"],
    ["javascript:alert(1)", "/"],
    ["/login?next=/x", "/"],
    ["/logins", "/logins"],
    [undefined, "/"],
    [["/a", "/b"], "/"],
  ])("%s leads to %s", (wanted, expected) => {
    expect(localPath(wanted)).toBe(expected);
  });
});

describe("preferences", () => {
  it("take over only what they know", () => {
    const stored = {
      theme: "dark",
      density: "gigantic",
      watermark: "yes",
      language: "en-US",
      favourites: [
        { path: "/c/crm/leads", title: "线索" },
        { path: "https://elsewhere.example", title: "x" },
        { path: "//elsewhere.example", title: "x" },
        "nonsense",
      ],
      pages: { "home.cards": [1] },
      unknown: 1,
    };
    expect(checked(stored)).toEqual({
      theme: "dark",
      language: "en-US",
      favourites: [{ path: "/c/crm/leads", title: "线索" }],
      pages: { "home.cards": [1] },
    });
    expect(checked("nonsense")).toEqual({});
    expect(checked(null)).toEqual({});
  });
});

describe("what is kept on the machine", () => {
  beforeEach(() => {
    setActivePinia(createPinia());
    localStorage.clear();
    connect("client");
  });

  it("are the looks, for the next first paint", async () => {
    const preferences = usePreferences();
    preferences.begin();
    preferences.set({ theme: "dark", density: "compact", font: "large" });
    await nextTick();
    setActivePinia(createPinia());
    const next = usePreferences();
    next.begin();
    expect(next.current).toMatchObject({ theme: "dark", density: "compact", font: "large" });
    expect(document.documentElement.classList.contains("dark")).toBe(true);
    expect(document.documentElement.dataset["density"]).toBe("compact");
  });

  it("survives what somebody has written into it", () => {
    localStorage.setItem("superpaas.client.preferences", "{broken");
    const preferences = usePreferences();
    preferences.begin();
    expect(preferences.current.density).toBe("normal");
  });

  it("are the last pages, each once, until the user signs out", () => {
    const recents = useRecents();
    recents.begin();
    recents.visit({ path: "/c/crm/leads/1", title: "XS1" });
    recents.visit({ path: "/c/crm/leads/2", title: "XS2" });
    recents.visit({ path: "/c/crm/leads/1", title: "XS1 新" });
    recents.visit({ path: "/", title: "首页" });
    expect(recents.pages).toEqual([
      { path: "/c/crm/leads/1", title: "XS1 新" },
      { path: "/c/crm/leads/2", title: "XS2" },
    ]);
    recents.wipe();
    expect(localStorage.getItem("superpaas.client.recents")).toBeNull();
  });

  it("are a user's favourites", () => {
    const preferences = usePreferences();
    preferences.begin();
    preferences.toggleFavourite({ path: "/c/crm/leads", title: "线索" });
    expect(preferences.isFavourite("/c/crm/leads")).toBe(true);
    preferences.toggleFavourite({ path: "/c/crm/leads", title: "线索" });
    expect(preferences.current.favourites).toEqual([]);
  });
});
