// @vitest-environment node
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { ApiClient, ApiError, download, type Credentials } from "../src/index.ts";
import { refusal, TestServer } from "./server.ts";

const server = new TestServer();
let base = "";
let errors: ApiError[] = [];
let waits: number[] = [];

class Session implements Credentials {
  current: string | null = "first";
  next: string | null = "second";
  renewals = 0;
  token(): Promise<string | null> {
    return Promise.resolve(this.current);
  }
  renewed(_refused: string): Promise<string | null> {
    this.renewals += 1;
    this.current = this.next;
    return Promise.resolve(this.next);
  }
  tenantId(): string {
    return "tenant-1";
  }
  language(): string {
    return "en-US";
  }
}

let session = new Session();

function client(): ApiClient {
  return new ApiClient(session, {
    base,
    onError: (error) => errors.push(error),
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  });
}

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

beforeAll(async () => {
  base = await server.start();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.clear();
  session = new Session();
  errors = [];
  waits = [];
});

describe("a request", () => {
  it("carries token, tenant, language and an id of its own", async () => {
    server.answer = () => ({ status: 200, body: { items: [] } });
    await client().get("/api/v1/crm/leads", { query: { q: "光明", limit: 20, cursor: null, sort: undefined } });
    const [seen] = server.seen;
    expect(seen?.headers).toMatchObject({
      authorization: "Bearer first",
      "x-tenant-id": "tenant-1",
      "accept-language": "en-US",
    });
    expect(seen?.headers["x-request-id"]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(seen?.path).toBe(`/api/v1/crm/leads?q=${encodeURIComponent("光明")}&limit=20`);
  });

  it("without a session goes without token and tenant", async () => {
    server.answer = () => ({ status: 200, body: {} });
    await client().post("/api/v1/auth/login", { tenant: "a" }, { anonymous: true });
    expect(server.seen[0]?.headers.authorization).toBeUndefined();
    expect(server.seen[0]?.headers["x-tenant-id"]).toBeUndefined();
    expect(server.seen[0]?.headers["content-type"]).toBe("application/json");
  });

  it("gives an empty answer as undefined", async () => {
    server.answer = () => ({ status: 204 });
    expect(await client().delete("/api/v1/crm/leads/1")).toBeUndefined();
  });
});

describe("a refused request", () => {
  it("tells code, words, request id and problems", async () => {
    const details = [{ field: "lines[2].quantity", rule: "above", message: "must be above 0" }];
    server.answer = () => refusal(422, "VALIDATION_FAILED", { details });
    const error = await failure(client().post("/api/v1/erp/orders", {}));
    expect(error).toMatchObject({ status: 422, code: "VALIDATION_FAILED", requestId: "r-1" });
    expect(error.message).toBe("VALIDATION_FAILED in words");
    expect(error.problems).toEqual(details);
    expect(errors).toEqual([error]);
    expect(server.seen).toHaveLength(1);
  });

  it("tells another person's change from other conflicts", async () => {
    server.answer = () => refusal(409, "CONFLICT", { details: { current: 7 } });
    expect((await failure(client().patch("/x", {}))).isVersionConflict).toBe(true);
    server.answer = () => refusal(409, "CONFLICT", { details: { state: "closed" } });
    expect((await failure(client().patch("/x", {}))).isVersionConflict).toBe(false);
  });

  it("is understood when it is not the contract's", async () => {
    server.answer = () => ({ status: 413, headers: { "X-Request-ID": "from-proxy" }, body: "<html>" });
    const error = await failure(client().post("/x", {}));
    expect(error).toMatchObject({ status: 413, code: "UNREADABLE", requestId: "from-proxy" });
  });

  it("of 401 is sent once more with a new token and the same id", async () => {
    server.answer = (seen) =>
      seen.headers.authorization === "Bearer second"
        ? { status: 201, body: { id: "1" } }
        : refusal(401, "UNAUTHORIZED");
    expect(await client().post("/api/v1/crm/leads", { name: "x" })).toEqual({ id: "1" });
    expect(session.renewals).toBe(1);
    expect(server.seen).toHaveLength(2);
    expect(server.seen[1]?.headers["x-request-id"]).toBe(server.seen[0]?.headers["x-request-id"]);
    expect(errors).toEqual([]);
  });

  it("of 401 fails when the session is over, without asking for ever", async () => {
    session.next = null;
    server.answer = () => refusal(401, "UNAUTHORIZED");
    expect((await failure(client().get("/x"))).status).toBe(401);
    expect(server.seen).toHaveLength(1);
    session.current = "first";
    session.next = "also refused";
    server.clear();
    expect((await failure(client().get("/x"))).status).toBe(401);
    expect(server.seen).toHaveLength(2);
  });
});

describe("without a session", () => {
  it("nothing is asked that can only be refused", async () => {
    session.current = null;
    expect(await failure(client().get("/x"))).toMatchObject({ status: 401, code: "UNAUTHORIZED" });
    expect(server.seen).toHaveLength(0);
  });
});

describe("repeating", () => {
  it("waits as long as a limit of rate asks, and keeps the id", async () => {
    let asked = 0;
    server.answer = () => {
      asked += 1;
      return asked === 1 ? refusal(429, "RATE_LIMIT", { headers: { "Retry-After": "2" } }) : { status: 201, body: {} };
    };
    await client().post("/api/v1/crm/leads", {});
    expect(waits).toHaveLength(1);
    expect(waits[0]).toBeGreaterThanOrEqual(2000);
    expect(waits[0]).toBeLessThan(2300);
    expect(new Set(server.seen.map((seen) => seen.headers["x-request-id"])).size).toBe(1);
  });

  it("does not wait longer than a person would", async () => {
    server.answer = () => refusal(429, "RATE_LIMIT", { headers: { "Retry-After": "60" } });
    expect(await failure(client().get("/x"))).toMatchObject({ status: 429, retryAfter: 60 });
    expect(waits).toEqual([]);
  });

  it("goes on after a broken connection, at most twice", async () => {
    server.answer = () => ({ status: 0, hangUp: true });
    const error = await failure(client().post("/x", { a: 1 }));
    expect(error).toMatchObject({ code: "NETWORK", status: 0 });
    expect(error.isOffline).toBe(true);
    expect(server.seen).toHaveLength(3);
    expect(new Set(server.seen.map((seen) => seen.headers["x-request-id"])).size).toBe(1);
    expect(errors).toEqual([error]);
  });

  it("leaves a stopped cell alone", async () => {
    server.answer = () => refusal(503, "RED_LIGHT", { details: { reason: "DISABLED_BY_OPERATOR" } });
    const error = await failure(client().get("/x"));
    expect(error.isCellStopped).toBe(true);
    expect(error.detail("reason")).toBe("DISABLED_BY_OPERATOR");
    expect(server.seen).toHaveLength(1);
  });

  it("ends when the page that asked has gone", async () => {
    server.answer = () => ({ status: 200, body: {}, delayMs: 2000 });
    const gone = new AbortController();
    setTimeout(() => {
      gone.abort();
    }, 20);
    expect((await failure(client().get("/x", { signal: gone.signal }))).isAborted).toBe(true);
  });

  it("ends after the time that was given", async () => {
    server.answer = () => ({ status: 200, body: {}, delayMs: 2000 });
    const error = await failure(client().get("/x", { timeoutMs: 30 }));
    expect(error).toMatchObject({ code: "TIMEOUT", isOffline: true });
  });
});

describe("a download", () => {
  it("has the name that the service gives", async () => {
    const headers = { "Content-Disposition": `attachment; filename="x.csv"; filename*=UTF-8''${encodeURIComponent("合同 1.csv")}` };
    server.answer = () => ({ status: 200, headers, body: "a,b" });
    const file = await download(client(), "/api/v1/crm/exports/leads");
    expect(file.name).toBe("合同 1.csv");
    expect(await file.blob.text()).toBe('"a,b"');
  });
});
