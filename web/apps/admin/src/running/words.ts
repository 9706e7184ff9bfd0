import { useI18n } from "vue-i18n";

import { momentText, useSession } from "@superpaas/api";
import { useNames } from "@superpaas/ui/fields";

import { partsOf } from "./lights.ts";

export interface TwoLabels {
  zh: string;
  en: string;
}

/** How the operator's pages say things: moments in the user's zone, labels in his language, reasons in words. */
export function useWords() {
  const { t, te, locale } = useI18n();
  const session = useSession();
  const names = useNames();

  function moment(at: string | null | undefined, seconds = true): string {
    return at === null || at === undefined ? "–" : momentText(at, session.timeZone, { seconds });
  }

  function label(labels: TwoLabels | null | undefined): string {
    if (labels === null || labels === undefined) return "";
    return locale.value.startsWith("en") ? labels.en : labels.zh;
  }

  function reason(text: string | null | undefined): string {
    if (text === null || text === undefined || text === "") return "";
    const { code, check } = partsOf(text);
    return te(`running.reason.${code}`) ? t(`running.reason.${code}`, { check }) : text;
  }

  /** Who has done something: a person by name, a cell or a part of the platform as it calls itself. */
  function actor(id: string | null | undefined): string {
    if (id === null || id === undefined || id === "") return "–";
    if (id.startsWith("cell:")) return t("running.actor.cell", { name: id.slice(5) });
    if (!/^[0-9a-f-]{36}$/.test(id)) return te(`running.actor.${id}`) ? t(`running.actor.${id}`) : id;
    return names.person(id) ?? id.slice(-8);
  }

  return { t, te, locale, moment, label, reason, actor };
}
