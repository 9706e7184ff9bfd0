import { mount, type VueWrapper } from "@vue/test-utils";
import { createPinia } from "pinia";
import { describe, expect, it } from "vitest";
import { nextTick } from "vue";
import { createI18n } from "vue-i18n";
import { createMemoryHistory, createRouter } from "vue-router";

import type { FieldMeta } from "@superpaas/api";

import FieldInput from "../FieldInput.vue";
import FieldView from "../FieldView.vue";
import texts from "../locales/zh-CN.ts";
import { registerWidget } from "../registry.ts";
import { field } from "./meta.ts";

const global = {
  plugins: [
    createPinia(),
    createI18n({ legacy: false, locale: "zh-CN", messages: { "zh-CN": { fields: texts } as never } }),
    createRouter({ history: createMemoryHistory(), routes: [{ path: "/:all(.*)*", component: { render: () => null } }] }),
  ],
};

function view(meta: FieldMeta, value: unknown, compact = false): VueWrapper {
  return mount(FieldView, { props: { field: meta, row: { id: "1", [meta.name]: value }, compact }, global });
}

function input(meta: FieldMeta, value: unknown): { wrapper: VueWrapper; now: () => unknown } {
  let held = value;
  const wrapper = mount(FieldInput, {
    props: { field: meta, modelValue: value, "onUpdate:modelValue": (next: unknown) => { held = next; } },
    global,
    attachTo: document.body,
  });
  return { wrapper, now: () => held };
}

describe("FieldView", () => {
  const hostile = '<img src=x onerror="alert(1)"><script>alert(2)</script>';

  it("shows script in any kind of field as text", () => {
    for (const kind of ["text", "long_text", "choice", "tags", "dictionary", "json", "reference", "user", "money", "moment"] as const) {
      for (const compact of [true, false]) {
        const wrapper = view(field("f", kind), kind === "tags" ? [hostile] : hostile, compact);
        expect(wrapper.find("img, script").exists(), kind).toBe(false);
        wrapper.unmount();
      }
    }
    expect(view(field("f", "text"), hostile).text()).toBe(hostile);
  });

  it("makes links only of addresses of the web and of mail", () => {
    expect(view(field("f", "text", { format: "url" }), "https://example.com/a").find("a").attributes("rel")).toBe("noopener noreferrer");
    expect(view(field("f", "text", { format: "url" }), "javascript:alert(1)").find("a").exists()).toBe(false);
    expect(view(field("f", "text", { format: "email" }), "a@example.com").find("a").attributes("href")).toBe("mailto:a@example.com");
  });

  it("says that there is nothing, and uses registered parts", () => {
    expect(view(field("f", "text"), null).text()).toBe("—");
    registerWidget("row_id", { view: () => "own" });
    expect(view(field("f", "row_id"), "1").text()).toBe("own");
  });
});

describe("FieldInput", () => {
  it("keeps every digit that is typed", async () => {
    const { wrapper, now } = input(field("f", "decimal", { scale: 6 }), "1.5");
    const box = wrapper.find("input");
    await box.trigger("focus");
    await box.setValue("12345678901234567.123456");
    expect(now()).toBe("12345678901234567.123456");
    await box.setValue("abc");
    expect(now()).toBe("12345678901234567.123456");
    expect(box.attributes("aria-invalid")).toBe("true");
  });

  it("takes shares in per cent", async () => {
    const { wrapper, now } = input(field("f", "percent"), "0.1");
    const box = wrapper.find("input");
    expect(box.element.value).toBe("10%");
    // The widget listens to focus while it is captured, which the test's document does not do.
    wrapper.findComponent({ name: "ElInput" }).vm.$emit("focus", new FocusEvent("focus"));
    await nextTick();
    expect(box.element.value).toBe("10");
    await box.setValue("15.5");
    expect(now()).toBe("0.155");
    await box.setValue("");
    expect(now()).toBeNull();
  });

  it("makes an emptied text one without a value, and says what is wrong", async () => {
    const { wrapper, now } = input(field("f", "text", { max: 20 }), "x");
    await wrapper.find("input").setValue("");
    expect(now()).toBeNull();
    await wrapper.setProps({ error: "请填写" } as never);
    expect(wrapper.find("[role=alert]").text()).toBe("请填写");
    expect(wrapper.find("input").attributes("aria-invalid")).toBe("true");
  });

  it("does not let what is read only be written", () => {
    expect(input(field("f", "text", { readonly: true }), "x").wrapper.find("input").attributes("disabled")).toBeDefined();
  });
});
