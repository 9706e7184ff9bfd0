import { h } from "vue";

import { translate } from "../i18n/index.ts";

export interface Question {
  title: string;
  text?: string;
  /** What will happen, one by one: people press "OK" with open eyes. */
  consequences?: readonly string[];
  /** The word on the button: what is done, "停用", not "确定". */
  confirm?: string;
  danger?: boolean;
}

/** Ask before doing what cannot be taken back. */
export async function ask(question: Question): Promise<boolean> {
  const { title, text, consequences = [], danger = false } = question;
  const message = h("div", [
    text === undefined ? null : h("p", { style: { margin: "0 0 8px" } }, text),
    consequences.length === 0 ? null : h("p", { style: { margin: 0 } }, translate("feedback.consequences")),
    consequences.length === 0
      ? null
      : h("ul", { style: { margin: "4px 0 0", paddingInlineStart: "20px" } }, consequences.map((item) => h("li", item))),
  ]);
  // Most pages never ask: the dialog comes when it is needed.
  const { ElMessageBox } = await import("./message-box.ts");
  try {
    await ElMessageBox.confirm(message, title, {
      confirmButtonText: question.confirm ?? translate("feedback.confirm"),
      cancelButtonText: translate("feedback.cancel"),
      confirmButtonType: danger ? "danger" : "primary",
      type: danger ? "warning" : "info",
      autofocus: !danger,
      closeOnClickModal: false,
    });
    return true;
  } catch {
    return false;
  }
}
