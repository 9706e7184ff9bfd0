import { describe, expect, it } from "vitest";

import { addressOf, lineOf, parametersOf, searchFrom, toneOf, type Entry } from "./search.ts";

const now = Date.parse("2026-11-22T12:00:00Z");

describe("the search of logs", () => {
  it("comes from the address and goes back there", () => {
    const search = searchFrom({ service: ["crm", "erp"], level: "error", q: " 超时 " });
    expect(search).toMatchObject({ services: ["crm", "erp"], level: "error", window: "86400" });
    expect(addressOf(search)).toEqual({ service: ["crm", "erp"], level: "error", q: "超时" });
    expect(searchFrom({ service: "crm" }).services).toEqual(["crm"]);
    expect(addressOf(searchFrom({}))).toEqual({});
  });

  it("asks for the window up to now", () => {
    const search = searchFrom({ service: ["crm", "erp"], window: "900" });
    expect(parametersOf(search, "Asia/Shanghai", now)).toEqual([
      ["service", "crm"],
      ["service", "erp"],
      ["from", "2026-11-22T11:45:00.000Z"],
    ]);
  });

  it("reads typed times on the user's clock", () => {
    const search = searchFrom({ from: "2026-11-22 08:00", to: "2026-11-22 09:00" });
    expect(search.window).toBe("");
    expect(parametersOf(search, "Asia/Shanghai", now)).toEqual([
      ["from", "2026-11-22T00:00:00Z"],
      ["to", "2026-11-22T01:00:00Z"],
    ]);
  });

  it("looks for a request wherever it is", () => {
    const search = searchFrom({ request_id: "r-1", window: "900" });
    expect(parametersOf(search, "UTC", now)).toEqual([["request_id", "r-1"], ["from", "1970-01-01T00:00:00.000Z"]]);
  });
});

describe("entries", () => {
  const entry: Entry = { at: null, service: "crm", level: "error", message: "failed\nTraceback", component: null, request_id: null, trace_id: null, tenant_id: null, user_id: null, fields: { seconds: 3, path: "/x" } };

  it("are told in one line", () => {
    expect(lineOf(entry)).toBe("failed  seconds=3  path=/x");
  });

  it("are coloured when they are grave", () => {
    expect([toneOf("info"), toneOf("warning"), toneOf("critical")]).toEqual([undefined, "yellow", "red"]);
  });
});
