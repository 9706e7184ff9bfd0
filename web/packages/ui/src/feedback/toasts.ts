import { ElNotification } from "element-plus";
import "element-plus/es/components/notification/style/css";
import { createVNode, getCurrentInstance, type AppContext } from "vue";

import { translate } from "../i18n/index.ts";
import ToastText from "./ToastText.vue";
import { isWorthTelling, requestIdOf, wordsOf } from "./wording.ts";

type Kind = "success" | "warning" | "error" | "info";

let context: AppContext | null = null;

/** Toasts live beside the app and need its translator; called once at its start. */
export function useForToasts(app: AppContext | null): void {
  context = app ?? getCurrentInstance()?.appContext ?? null;
}

interface Toast {
  kind: Kind;
  text: string;
  requestId?: string;
  action?: { label: string; run: () => void };
  /** Milliseconds; 0 stays until it is closed. */
  duration: number;
}

function show(toast: Toast): () => void {
  const content = createVNode(ToastText, { text: toast.text, requestId: toast.requestId ?? "", action: toast.action });
  const handle = ElNotification({
    type: toast.kind,
    message: content,
    duration: toast.duration,
    showClose: true,
    // Where no page has buttons: what is told must not be in the way of what is done next.
    position: "bottom-right",
    // Above the buttons of drawers, too.
    offset: 76,
    customClass: "sp-toast",
  }, context);
  return () => {
    handle.close();
  };
}

/** Tell what a person has to decide about; stays until he does. */
export function tellAction(text: string, label: string, run: () => void): void {
  show({ kind: "info", text, duration: 0, action: { label, run } });
}

/** Tell that something is done. */
export function tell(text: string, kind: Exclude<Kind, "error"> = "success"): void {
  show({ kind, text, duration: kind === "warning" ? 8000 : 3500 });
}

/** Tell what has failed, with the request id to copy. Stays long enough for reading it out on the telephone. */
export function tellError(error: unknown): void {
  if (!isWorthTelling(error)) return;
  const requestId = requestIdOf(error);
  show({ kind: "error", text: wordsOf(error), requestId, duration: requestId === "" ? 10_000 : 30_000 });
}

/** Tell that something is done and can be taken back for a while. */
export function tellUndo(text: string, undo: () => Promise<void>): void {
  const close = show({
    kind: "success",
    text,
    duration: 10_000,
    action: {
      label: translate("feedback.undo"),
      run: () => {
        close();
        undo().catch(tellError);
      },
    },
  });
}
