import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";

import { ApiError } from "@superpaas/api";

import { setUpI18n, useLanguage } from "../i18n/index.ts";
import { library } from "../i18n/whole/index.ts";
import ErrorPage from "./ErrorPage.vue";
import { isWorthTelling, requestIdOf, wordsOf } from "./wording.ts";

const i18n = setUpI18n(library);
await useLanguage("zh-CN");
const router = createRouter({ history: createMemoryHistory(), routes: [{ path: "/", component: { render: () => null } }] });

function failure(status: number, code: string, details: unknown = {}, message = "服务的话"): ApiError {
  return new ApiError(status, { code, message, details, requestId: "r-42" });
}

function page(props: Record<string, unknown>) {
  return mount(ErrorPage, { props, global: { plugins: [i18n, router] } });
}

describe("the page in place of a page", () => {
  it.each([
    [failure(503, "RED_LIGHT"), "stopped", "客户关系管理暂时不能使用"],
    [failure(403, "FORBIDDEN", { permission: "crm.lead.read" }), "forbidden", "没有权限"],
    [failure(404, "NOT_FOUND"), "not-found", "没有找到"],
    [failure(0, "NETWORK"), "offline", "连接不上平台"],
    [failure(500, "INTERNAL"), "failed", "没有载入成功"],
    [new TypeError("x is not a function"), "failed", "没有载入成功"],
  ])("of %s is %s", (error, kind, title) => {
    const shown = page({ error, name: "客户关系管理" });
    expect(shown.attributes("data-kind")).toBe(kind);
    expect(shown.get("h1").text()).toBe(title);
  });

  it("tells the permission that is missing, and the request id", () => {
    const shown = page({ error: failure(403, "FORBIDDEN", { permission: "crm.lead.read" }) });
    expect(shown.text()).toContain("crm.lead.read");
    expect(shown.get("code").text()).toBe("r-42");
  });

  it("shows script as text", () => {
    const shown = page({ error: failure(422, "X", {}, "<img src=x onerror=alert(1)>") });
    expect(shown.find("img").exists()).toBe(false);
    expect(shown.text()).toContain("<img src=x onerror=alert(1)>");
  });

  it("tries again", async () => {
    let tried = 0;
    const shown = page({ error: failure(500, "INTERNAL"), retry: () => (tried += 1) });
    await shown.get("button").trigger("click");
    expect(tried).toBe(1);
  });
});

describe("the words of an error", () => {
  it("are the service's, or ours where nobody has answered", () => {
    expect(wordsOf(failure(422, "OVER_DELIVERY"))).toBe("服务的话");
    expect(wordsOf(failure(0, "NETWORK"))).toBe("连接不上平台，请检查网络后重试");
    expect(wordsOf(new Error("secret inner detail"))).toBe("页面出错了，请刷新后重试");
  });

  it("come with an id only when a service has seen the request", () => {
    expect(requestIdOf(failure(500, "INTERNAL"))).toBe("r-42");
    expect(requestIdOf(failure(0, "NETWORK"))).toBe("");
    expect(isWorthTelling(failure(0, "ABORTED"))).toBe(false);
  });
});
