import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import { createI18n } from "vue-i18n";

import type { EntityMeta } from "@superpaas/api";

import CommentText from "../../timeline/CommentText.vue";
import StateBar from "./StateBar.vue";

const i18n = createI18n({ legacy: false, locale: "zh-CN", messages: { "zh-CN": { form: { states: "单据状态" } } } });
const state = (key: string, label: string) => ({ key, label, editable: false, deletable: false });
const entity = {
  states: [state("draft", "草稿"), state("posted", "已过账"), state("reversed", "已冲销")],
  actions: [
    { verb: "post", label: "过账", source: ["draft"], target: "posted", confirm: null, parameters: [] },
    { verb: "reverse", label: "冲销", source: ["posted"], target: "reversed", confirm: null, parameters: [] },
  ],
} as unknown as EntityMeta;

describe("the state bar", () => {
  it("says to everybody where the document stands", () => {
    const bar = mount(StateBar, { props: { entity, state: "posted" }, global: { plugins: [i18n] } });
    expect(bar.findAll("li").map((item) => item.text())).toEqual(["草稿", "已过账"]);
    expect(bar.find("[aria-current=step]").text()).toBe("已过账");
    expect(bar.attributes("aria-label")).toBe("单据状态");
  });

  it("shows the ending that the document has come to", async () => {
    const bar = mount(StateBar, { props: { entity, state: "posted" }, global: { plugins: [i18n] } });
    await bar.setProps({ state: "reversed" });
    expect(bar.find("[aria-current=step]").text()).toBe("已冲销");
  });
});

describe("a comment", () => {
  it("is text, whatever it looks like", () => {
    const comment = mount(CommentText, { props: { text: '<img src=x onerror="alert(1)"> & <b>x</b>' } });
    expect(comment.find("img").exists()).toBe(false);
    expect(comment.text()).toBe('<img src=x onerror="alert(1)"> & <b>x</b>');
  });
});
