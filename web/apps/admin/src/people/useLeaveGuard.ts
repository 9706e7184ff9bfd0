import { onBeforeUnmount, onMounted } from "vue";
import { useI18n } from "vue-i18n";
import { onBeforeRouteLeave } from "vue-router";

import { ask } from "@superpaas/ui/feedback";

/** Ask before what is not saved is left, by the menu as well as by closing the window. */
export function useLeaveGuard(isDirty: () => boolean): void {
  const { t } = useI18n();
  onBeforeRouteLeave(async () => {
    if (!isDirty()) return true;
    return ask({ title: t("people.leave.title"), text: t("people.leave.text"), confirm: t("people.leave.confirm"), danger: true });
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
