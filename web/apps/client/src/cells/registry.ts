import type { Component } from "vue";

import { useSession } from "@superpaas/api";
import { usePreferences, type Command } from "@superpaas/ui/layout";

type Loader = () => Promise<{ default: Component }>;

/** A page that a cell brings itself, at `/c/<cell>/-/<path>`. */
export interface CellPage {
  path: string;
  label: { zh: string; en: string };
  /** Who may see it in the menu; the services decide what he gets. */
  permission?: string;
  component: Loader;
}

/** What a cell adds to the renderer: `cells/<cell>/index.ts` has one as its default export. */
export interface CellExtension {
  pages?: CellPage[];
  /** Pages in place of the generated ones, by the entity's word in the address: `{ quotes: { form: … } }`. */
  entities?: Record<string, { list?: Loader; form?: Loader }>;
  /** Runs before the first page of the cell: custom widgets register themselves here. */
  setUp?: () => void | Promise<void>;
}

/** The descriptions are small and come with the app; the pages they name are loaded when they are opened. */
const files = import.meta.glob<CellExtension>("./*/index.ts", { eager: true, import: "default" });

const extensions = new Map(
  Object.entries(files).map(([path, extension]) => [path.slice(2, path.lastIndexOf("/")), extension]),
);
const ready = new Map<string, Promise<void>>();

export function extensionOf(cell: string): CellExtension | undefined {
  return extensions.get(cell);
}

/** Run a cell's `setUp`, once. */
export function setUpCell(cell: string): Promise<void> {
  let done = ready.get(cell);
  if (done === undefined) {
    done = Promise.resolve(extensions.get(cell)?.setUp?.());
    ready.set(cell, done);
  }
  return done;
}

/** The cells' own pages in the command palette. */
export function extensionCommands(go: (path: string) => Promise<unknown>): Command[] {
  const language = usePreferences().current.language;
  return [...extensions].flatMap(([cell, extension]) =>
    (extension.pages ?? [])
      .filter((page) => page.permission === undefined || useSession().can(page.permission))
      .map((page) => ({
        id: `page:${cell}/${page.path}`,
        title: language === "en-US" ? page.label.en : page.label.zh,
        group: cell,
        words: page.path,
        run: async () => {
          await go(`/c/${cell}/-/${page.path}`);
        },
      })),
  );
}
