import { describe, expect, it } from "vitest";

import { bodyOf, draftOf, missingOf } from "./channels.ts";
import { isChanged, pageOf, thresholdOf, typedOf, valueText } from "./rules.ts";
import type { Channel, Rule } from "./types.ts";

const settings = { enabled: true, threshold: 0.05, for_seconds: 60, severity: "critical" as const, least_requests: 20 };
const rule = { id: "error-ratio", unit: "ratio", ...settings, defaults: settings, version: 0 } as unknown as Rule;
const mail = { id: 1, name: "值班", type: "email", severity: "critical", enabled: false, version: 3, host: "mail", port: 465, sender: "a@b", recipient: "c@d" } as Channel;

describe("rules", () => {
  it("tell their figures in their unit", () => {
    expect(valueText(0.056, "ratio", "zh-CN")).toBe("5.6%");
    expect(valueText(27.5, "hours", "zh-CN")).toBe("1 天 3 小时");
    expect(valueText(1234, "ms", "en-US")).toBe("1.23 s");
    expect(valueText(3, "count", "en-US")).toBe("3");
  });

  it("type shares as per cent, without crumbs", () => {
    expect(typedOf(0.07, "ratio")).toBe(7);
    expect(thresholdOf(typedOf(0.056, "ratio"), "ratio")).toBe(0.056);
    expect(thresholdOf(500, "ms")).toBe(500);
  });

  it("know whether they are as shipped", () => {
    expect(isChanged(rule)).toBe(false);
    expect(isChanged({ ...rule, threshold: 0.1 })).toBe(true);
  });

  it("lead to the page with the cause", () => {
    expect(pageOf("error-ratio")?.query("crm")).toEqual({ service: "crm", status: "5xx" });
    expect(pageOf("restore-test")?.name).toBe("backups");
    expect(pageOf("audit-broken")).toBeNull();
  });
});

describe("channels", () => {
  it("send the fields of their type only", () => {
    expect(bodyOf({ ...draftOf(mail), url: "https://x" }, 3)).not.toHaveProperty("url");
    expect(bodyOf({ ...draftOf(null), url: "https://x" }, 0)).toMatchObject({ type: "wecom", url: "https://x", version: 0 });
    expect(bodyOf(draftOf(null), 0)).not.toHaveProperty("host");
  });

  it("never begin with a secret, and keep what is not typed", () => {
    expect(draftOf(mail)).toMatchObject({ password: "", url: "", secret: "" });
    expect(missingOf({ ...draftOf(null), name: "x" }, true)).toEqual(["url"]);
    expect(missingOf({ ...draftOf(null), name: "x" }, false)).toEqual([]);
    expect(missingOf({ ...draftOf(mail), host: " " }, false)).toEqual(["host"]);
  });
});
