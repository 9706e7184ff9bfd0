// @vitest-environment node
import "fake-indexeddb/auto";
import { createPinia, setActivePinia } from "pinia";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { connect, useMetadata, useSession, wipeDatabases, type Tokens } from "../src/index.ts";
import { refusal, TestServer, type Reply, type Seen } from "./server.ts";

const server = new TestServer();
let base = "";
let label = "客户关系管理";
let light: "green" | "red" = "green";
let refuse: Reply | null = null;

const TOKENS: Tokens = {
  accessToken: "t",
  tokenType: "Bearer",
  expiresIn: 1800,
  refreshExpiresIn: 604800,
  tenantId: "huaxing",
  userId: "lili",
  mustChangePassword: false,
};

function answer(seen: Seen): Reply {
  if (seen.path === "/api/v1/platform/cells") {
    const cell = { name: "crm", label: { zh: "", en: "" }, version: "1", enabled: true, path: "", reason: null };
    return { status: 200, headers: { ETag: `"${light}"` }, body: { items: [{ ...cell, light }] } };
  }
  if (refuse !== null) return refuse;
  const tag = `"${label}"`;
  if (seen.headers["if-none-match"] === encodeURI(tag)) return { status: 304 };
  const body = { cell: "crm", label, version: "1", entities: [], reports: [] };
  return { status: 200, headers: { ETag: encodeURI(tag) }, body };
}

/** A page that has just been opened, by the same user. */
function visit(): ReturnType<typeof useMetadata> {
  setActivePinia(createPinia());
  connect("client", { base }).keeper.take(TOKENS);
  server.clear();
  return useMetadata();
}

function asked(): string[] {
  return server.seen.filter((seen) => seen.path.endsWith("/_meta")).map((seen) => seen.path);
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 60));
}

beforeAll(async () => {
  base = await server.start();
  server.answer = answer;
});
afterAll(() => server.stop());
beforeEach(async () => {
  label = "客户关系管理";
  light = "green";
  refuse = null;
  await visit().wipe();
});

describe("metadata", () => {
  it("are asked for once by all who need them", async () => {
    const metadata = visit();
    const found = await Promise.all([metadata.load("crm"), metadata.load("crm"), metadata.refresh("crm")]);
    expect(found.map((meta) => meta.label)).toEqual([label, label, label]);
    expect(asked()).toHaveLength(1);
  });

  it("of the last visit are there at once, and renewed behind", async () => {
    await visit().load("crm");
    await settled();
    const again = visit();
    label = "客户管理";
    expect((await again.load("crm")).label).toBe("客户关系管理");
    await expect.poll(() => again.metas.get("crm")?.label).toBe("客户管理");
  });

  it("that have not changed are not sent again", async () => {
    await visit().load("crm");
    await settled();
    const again = visit();
    await again.load("crm");
    await expect.poll(() => asked().length).toBe(1);
    expect(server.seen.find((seen) => seen.path.endsWith("/_meta"))?.headers["if-none-match"]).toBe(
      encodeURI(`"${label}"`),
    );
    expect(again.metas.get("crm")?.label).toBe(label);
  });

  it("of another user are never shown", async () => {
    await visit().load("crm");
    setActivePinia(createPinia());
    connect("client", { base }).keeper.take({ ...TOKENS, userId: "wang" });
    label = "只给王";
    expect((await useMetadata().load("crm")).label).toBe("只给王");
  });

  it("are gone when the right to enter is taken away", async () => {
    const metadata = visit();
    await metadata.load("crm");
    refuse = refusal(403, "FORBIDDEN", { details: { permission: "crm.*" } });
    await expect(metadata.refresh("crm")).rejects.toMatchObject({ status: 403 });
    expect(metadata.metas.has("crm")).toBe(false);
  });

  it("stay while the cell is away, which is not asked then", async () => {
    await visit().load("crm");
    await settled();
    light = "red";
    const again = visit();
    await again.load("crm");
    await expect.poll(() => again.stopped("crm")?.light).toBe("red");
    await settled();
    expect(again.metas.get("crm")?.label).toBe(label);
    expect(asked()).toHaveLength(0);
  });

  it("leave nothing on the machine after signing out", async () => {
    await visit().load("crm");
    await visit().wipe();
    await wipeDatabases("client");
    const next = visit();
    label = "新";
    expect((await next.load("crm")).label).toBe("新");
  });
});

describe("the session", () => {
  it("lets a user into the cells of his package and his permissions", () => {
    visit();
    const session = useSession();
    const me = { permissions: ["crm.lead.read", "erp.*"], cells: ["crm"] };
    session.me = me as unknown as typeof session.me;
    expect(session.mayEnter("crm")).toBe(true);
    expect(session.mayEnter("erp")).toBe(false);
    expect(session.mayEnter("hr")).toBe(false);
    expect(session.can("erp.order.read")).toBe(true);
  });
});
