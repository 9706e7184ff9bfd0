import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type * as EarlyModule from "../src/early/index.ts";

const TOKEN = { mustChangePassword: false, accessToken: "token-1", tenantId: "tenant-1", userId: "user-1", expiresIn: 900 };
const META = { entities: [{ key: "crm.customer", path: "/api/v1/crm/customers" }] };
let asked: { address: string; headers: Record<string, string> }[] = [];

type Early = typeof EarlyModule;

/** As a page begins: the module is new, and nothing has been asked. */
async function begun(path: string, answers: Record<string, unknown>, kept: Record<string, string> = { "superpaas.client.session": "1" }): Promise<Early> {
  for (const [name, value] of Object.entries(kept)) localStorage.setItem(name, value);
  history.replaceState(null, "", path);
  vi.stubGlobal("fetch", (address: string, init: { headers: Record<string, string> }) => {
    asked.push({ address, headers: init.headers });
    const answer = answers[address];
    return Promise.resolve(answer === undefined ? new Response("{}", { status: 503 }) : new Response(JSON.stringify(answer)));
  });
  vi.resetModules();
  const early = await import("../src/early/index.ts");
  early.begin("client");
  await new Promise((resolve) => setTimeout(resolve, 20));
  return early;
}

beforeEach(() => {
  asked = [];
  localStorage.clear();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const ANSWERS = {
  "/api/v1/auth/refresh": TOKEN,
  "/api/v1/auth/me": { displayName: "李" },
  "/api/v1/auth/preferences": { value: {}, version: 1 },
  "/api/v1/platform/cells": { items: [{ name: "crm", enabled: true, light: "green" }] },
  "/api/v1/crm/_meta": META,
  "/api/v1/crm/_views?entity=crm.customer": { items: [] },
};

describe("early questions", () => {
  it("renew the session, and ask with its token for what the list in the address needs", async () => {
    const early = await begun("/c/crm/customers", ANSWERS);
    expect(asked.map(({ address }) => address).sort()).toEqual(Object.keys(ANSWERS).sort());
    expect(asked[0]?.headers["X-Session"]).toBe("client");
    expect(asked.slice(1).every(({ headers }) => headers["Authorization"] === "Bearer token-1" && headers["X-Tenant-Id"] === "tenant-1")).toBe(true);
    expect(new Set(asked.map(({ headers }) => headers["X-Request-ID"])).size).toBe(asked.length);
    expect(await early.takeRenewal()).toEqual(TOKEN);
    expect(await early.takeRenewal()).toBeNull();
    expect(await (await early.takeAnswer("/api/v1/crm/_meta", asked[0]?.headers["Accept-Language"] ?? ""))?.json()).toEqual(META);
    expect(early.takeAnswer("/api/v1/crm/_meta", asked[0]?.headers["Accept-Language"] ?? "")).toBeNull();
  });

  it("are not asked without a session, and no cell that is stopped or kept is asked", async () => {
    await begun("/c/crm/customers", ANSWERS, {});
    expect(asked).toEqual([]);
    const stopped = { ...ANSWERS, "/api/v1/platform/cells": { items: [{ name: "crm", enabled: false, light: "red" }] } };
    await begun("/c/crm/customers", stopped);
    expect(asked.map(({ address }) => address)).not.toContain("/api/v1/crm/_meta");
    asked = [];
    await begun("/c/crm/customers", { ...ANSWERS, "/api/v1/auth/refresh": { ...TOKEN, mustChangePassword: true } });
    expect(asked.map(({ address }) => address)).toEqual(["/api/v1/auth/refresh"]);
    asked = [];
    await begun("/c/crm/customers", ANSWERS, { "superpaas.client.session": "1", "superpaas.client.kept": "1" });
    expect(asked.map(({ address }) => address)).not.toContain("/api/v1/crm/_meta");
  });

  it("leave failures and other languages to the program", async () => {
    const early = await begun("/", {});
    expect(asked.map(({ address }) => address)).toEqual(["/api/v1/auth/refresh"]);
    expect(await early.takeRenewal()).toBeNull();
    const other = await begun("/", ANSWERS, { "superpaas.client.session": "1", "superpaas.client.preferences": '{"language":"en-US"}' });
    expect(asked.at(-1)?.headers["Accept-Language"]).toBe("en-US");
    expect(other.takeAnswer("/api/v1/auth/me", "zh-CN")).toBeNull();
  });
});
