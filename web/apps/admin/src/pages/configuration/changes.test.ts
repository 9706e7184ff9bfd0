import { describe, expect, it } from "vitest";

import { groupsOf, isOwn, previewOf, scopesOf, shownOf, textProblem, valueText, withValue } from "./changes.ts";
import type { Setting } from "./types.ts";

function setting(change: Partial<Setting>): Setting {
  return {
    name: "A",
    group: "limits",
    label: { zh: "甲", en: "A" },
    help: null,
    unit: "s",
    least: 1,
    most: 600,
    choices: [],
    default: 30,
    value: 30,
    source: "default",
    takes_effect: "immediately",
    scope: "gateway",
    restart: [],
    ...change,
  };
}

describe("changes of settings", () => {
  const shipped = setting({});
  const own = setting({ value: 60, source: "console" });

  it("hold only what differs from what is set", () => {
    expect(withValue({}, shipped, 45)).toEqual({ A: 45 });
    expect(withValue({ A: 45 }, shipped, null)).toEqual({});
    expect(withValue({ A: 45 }, own, 60)).toEqual({});
    expect(withValue({ B: 1 }, own, null)).toEqual({ B: 1, A: null });
  });

  it("may fix the default's own value, which then stays when the default changes", () => {
    expect(withValue({}, shipped, 30)).toEqual({ A: 30 });
    expect(isOwn(shipped, { A: 30 })).toBe(true);
  });

  it("show the default where a value is taken away", () => {
    expect(shownOf(own, { A: null })).toBe(30);
    expect(isOwn(own, { A: null })).toBe(false);
    expect(previewOf([own], { A: null })).toEqual([{ path: "A", before: 60, after: 30 }]);
  });

  it("name whom a restart concerns", () => {
    const late = setting({ name: "B", takes_effect: "restart", scope: "cells" });
    expect(scopesOf([shipped, late], ["A"])).toEqual([]);
    expect(scopesOf([shipped, late], ["A", "B"])).toEqual(["cells"]);
  });
});

describe("settings", () => {
  it("are grouped in the platform's order", () => {
    const groups = groupsOf([setting({}), setting({ name: "L", group: "logs" }), setting({ name: "C" })]);
    expect(groups.map(({ group, items }) => [group, items.map((item) => item.name)])).toEqual([["limits", ["A", "C"]], ["logs", ["L"]]]);
  });

  it("read with their unit", () => {
    expect(valueText(setting({ unit: "bytes" }), 10_485_760)).toBe("10 MB");
    expect(valueText(setting({}), 30)).toBe("30 s");
    expect(valueText(undefined, "INFO")).toBe("INFO");
  });

  it("check the time of the backup", () => {
    const at = setting({ name: "SUPERPAAS_BACKUP_AT" });
    expect(textProblem(at, "24:00")).toBe(true);
    expect(textProblem(at, "off")).toBe(false);
    expect(textProblem(at, "02:30")).toBe(false);
  });
});
