// @vitest-environment node
import { beforeEach, describe, expect, it } from "vitest";

import { ApiError } from "../src/http/index.ts";
import { allows, Keeper, type EndReason, type Surroundings, type Tokens } from "../src/session/index.ts";

let now = 0;
let asked = 0;
let activeAt = 0;
let endings = 0;
let kept = new Map<string, string>();
let ends: EndReason[] = [];
let nextUser = "lili";
let refuse: ApiError | null = null;

function tokens(userId = nextUser): Tokens {
  return {
    accessToken: `token-${String(asked)}-${userId}`,
    tokenType: "Bearer",
    expiresIn: 1800,
    refreshExpiresIn: 604800,
    tenantId: "huaxing",
    userId,
    mustChangePassword: false,
  };
}

function around(more: Partial<Surroundings> = {}): Surroundings {
  return {
    refresh: async () => {
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (refuse !== null) throw refuse;
      return tokens();
    },
    now: () => now,
    end: () => {
      endings += 1;
      return Promise.resolve();
    },
    activeAt: () => activeAt,
    storage: {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => void kept.set(name, value),
      removeItem: (name) => void kept.delete(name),
    },
    locks: undefined,
    channel: undefined,
    ...more,
  };
}

function keeper(more: Partial<Surroundings> = {}): Keeper {
  return new Keeper("client", around(more), (reason) => ends.push(reason));
}

function refusal(status: number): ApiError {
  return new ApiError(status, { code: "UNAUTHORIZED", message: "", requestId: "" });
}

beforeEach(() => {
  now = 1_000_000;
  asked = 0;
  activeAt = now;
  endings = 0;
  kept = new Map();
  ends = [];
  nextUser = "lili";
  refuse = null;
});

describe("the access token", () => {
  it("is not asked for before anybody has signed in", async () => {
    expect(await keeper().token()).toBeNull();
    expect(keeper().mayResume).toBe(false);
    expect(asked).toBe(0);
  });

  it("is renewed shortly before its end, once for all who wait", async () => {
    const one = keeper();
    one.take(tokens());
    now += 1800_000 - 31_000;
    expect(await one.token()).toBe("token-0-lili");
    now += 2000;
    const found = await Promise.all([one.token(), one.token(), one.renewed("token-0-lili")]);
    expect(found).toEqual(["token-1-lili", "token-1-lili", "token-1-lili"]);
    expect(asked).toBe(1);
  });

  it("is not renewed again for a request that was refused with an older one", async () => {
    const one = keeper();
    one.take(tokens());
    await one.renewed("token-0-lili");
    expect(await one.renewed("token-0-lili")).toBe("token-1-lili");
    expect(asked).toBe(1);
  });

  it("is nowhere but in memory", () => {
    keeper().take(tokens());
    expect([...kept.values()].join()).not.toContain("token-");
  });

  it("is gone when the cookie counts no more", async () => {
    const one = keeper();
    one.take(tokens());
    refuse = refusal(401);
    expect(await one.renewed("token-0-lili")).toBeNull();
    expect(await one.token()).toBeNull();
    expect(ends).toEqual(["kicked"]);
    expect(one.mayResume).toBe(false);
  });

  it("has run out when it was at its end anyway", async () => {
    const one = keeper();
    one.take(tokens());
    now += 1800_000;
    refuse = refusal(401);
    expect(await one.token()).toBeNull();
    expect(ends).toEqual(["expired"]);
  });

  it("stays when the platform does not answer, so that work goes on when it is back", async () => {
    const one = keeper();
    one.take(tokens());
    refuse = refusal(503);
    await expect(one.renewed("token-0-lili")).rejects.toBe(refuse);
    expect(ends).toEqual([]);
    refuse = null;
    expect(await one.renewed("token-0-lili")).toBe("token-2-lili");
  });
});

describe("a session that nobody uses", () => {
  it("is not kept alive by what pages ask by themselves", async () => {
    const one = keeper();
    one.take({ ...tokens(), expiresIn: 300, refreshExpiresIn: 600 });
    now += 500_000;
    expect(await one.token()).not.toBeNull();
    one.take({ ...tokens(), expiresIn: 300, refreshExpiresIn: 600 });
    now += 400_000;
    expect(await one.token()).toBeNull();
    expect(ends).toEqual(["idle"]);
    expect(endings).toBe(1);
    expect(one.mayResume).toBe(false);
  });

  it("goes on while somebody works, in whichever window", async () => {
    const one = keeper();
    one.take({ ...tokens(), expiresIn: 300, refreshExpiresIn: 600 });
    now += 900_000;
    activeAt = now - 599_000;
    expect(await one.token()).not.toBeNull();
    expect(ends).toEqual([]);
  });
});

describe("tabs", () => {
  function pair(): [Keeper, Keeper, unknown[]] {
    const sent: unknown[] = [];
    const channels = [0, 1].map(() => ({ onmessage: null, postMessage: () => undefined }) as unknown as BroadcastChannel);
    channels.forEach((channel, place) => {
      channel.postMessage = (message: unknown) => {
        sent.push(message);
        const other = channels[1 - place];
        other?.onmessage?.call(other, { data: message } as MessageEvent);
      };
    });
    return [keeper({ channel: channels[0] }), keeper({ channel: channels[1] }), sent];
  }

  it("take turns in renewing where the browser has locks", async () => {
    let running = 0;
    let most = 0;
    let last: Promise<unknown> = Promise.resolve();
    const locks = {
      request: (_name: string, task: () => Promise<unknown>) => {
        last = last.then(async () => {
          running += 1;
          most = Math.max(most, running);
          const result = await task();
          running -= 1;
          return result;
        });
        return last;
      },
    } as unknown as LockManager;
    const [one, other] = [keeper({ locks }), keeper({ locks })];
    await Promise.all([one.renew(), other.renew()]);
    expect(most).toBe(1);
    expect(asked).toBe(2);
  });

  it("end together when a person signs out", () => {
    const [one, other, sent] = pair();
    one.take(tokens());
    other.take(tokens());
    one.forget("signed-out");
    expect(ends.sort()).toEqual(["other-tab", "signed-out"]);
    expect(JSON.stringify(sent)).not.toContain("token-");
  });

  it("do not go on with another person's session", async () => {
    const [one, other] = pair();
    one.take(tokens());
    other.take(tokens("wang"));
    expect(ends).toEqual(["other-tab"]);
    expect(await one.token()).toBeNull();
    expect(other.mayResume).toBe(true);
  });

  it("notice another person by the cookie itself", async () => {
    const one = keeper();
    one.take(tokens());
    nextUser = "wang";
    expect(await one.renewed("token-0-lili")).toBeNull();
    expect(ends).toEqual(["other-tab"]);
    expect(one.mayResume).toBe(true);
  });
});

describe("permissions", () => {
  it.each([
    ["crm.lead.read", "crm.lead.read", true],
    ["crm.*", "crm.lead.read", true],
    ["crm.lead.*", "crm.lead.read", true],
    ["crm.lead.*", "crm.leads.read", false],
    ["*", "crm.lead.read", true],
    ["*", "platform.cell.disable", false],
    ["*.read", "platform.read", false],
    ["platform.*", "platform.cell.disable", true],
    ["crm.*.read", "crm.lead.read", true],
    ["crm.*.read", "crm.lead.update", false],
    ["crm.*.read", "crm.read", false],
    ["*", "service.call", false],
  ])("%s covers %s: %s", (held, wanted, expected) => {
    expect(allows([held], wanted)).toBe(expected);
  });
});
