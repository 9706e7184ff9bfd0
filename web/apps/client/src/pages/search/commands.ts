import { language as asking, useApi, useMetadata, useSession } from "@superpaas/api";
import { useLanguage, type Language } from "@superpaas/ui/i18n";
import { useCommands, useCommandSearch, usePreferences, type Command } from "@superpaas/ui/layout";

import { enteredCells } from "../../joining/cells.ts";
import { askable, find } from "./finding.ts";

type Translate = (key: string, named?: Record<string, unknown>) => string;

const PER_ENTITY = 3;
const MOST = 15;

/** Speak another language: texts at once, and everything that services have said is asked for anew. */
export async function switchLanguage(chosen: Language): Promise<void> {
  await useLanguage(chosen);
  usePreferences().set({ language: chosen });
  asking.value = chosen;
  useMetadata().clear();
  await enteredCells();
}

/** What the command palette finds besides the menu: documents of all applications, and the other language. */
export function useGlobalCommands(t: Translate, go: (path: string) => Promise<unknown>): void {
  useCommands(() => [
    {
      id: "language",
      title: t("pages.search.language"),
      group: t("layout.palette.settings"),
      words: "language english chinese 语言 中文",
      run: () => switchLanguage(usePreferences().current.language === "zh-CN" ? "en-US" : "zh-CN"),
    },
  ]);
  useCommandSearch(async (text, signal): Promise<Command[]> => {
    const wanted = askable(text);
    if (wanted === null) return [];
    const asked = {
      text: wanted,
      cell: "",
      perEntity: PER_ENTITY,
      locale: usePreferences().current.language,
      zone: useSession().timeZone,
    };
    const { groups } = await find(useApi(), await enteredCells(), asked, () => undefined, signal);
    const found = groups.flatMap((group) =>
      group.items.map((item) => ({
        id: `row:${item.to}`,
        title: [item.title || item.id, item.text].filter((part) => part !== "").join("  "),
        group: `${group.entity.label} · ${group.cellLabel}`,
        run: () => go(item.to).then(() => undefined),
      })),
    );
    const page = `/search?${new URLSearchParams({ q: wanted }).toString()}`;
    const all = { id: "search:all", title: t("pages.search.all", { text: wanted }), group: t("menu.search"), run: () => go(page).then(() => undefined) };
    return [...found.slice(0, MOST), all];
  });
}
