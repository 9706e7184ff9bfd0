import { onBeforeUnmount, onMounted } from "vue";
import { onBeforeRouteLeave } from "vue-router";

import { ask } from "../feedback/index.ts";
import { translate } from "../i18n/index.ts";

/** Ask before what is written is left; the draft stays kept in any case. */
export function useLeaveGuard(isDirty: () => boolean): void {
  onBeforeRouteLeave(async () => {
    if (!isDirty()) return true;
    return ask({
      title: translate("form.leave.title"),
      text: translate("form.leave.text"),
      confirm: translate("form.leave.confirm"),
    });
  });

  function onUnload(event: BeforeUnloadEvent): void {
    if (isDirty()) event.preventDefault();
  }
  onMounted(() => {
    globalThis.addEventListener("beforeunload", onUnload);
  });
  onBeforeUnmount(() => {
    globalThis.removeEventListener("beforeunload", onUnload);
  });
}
