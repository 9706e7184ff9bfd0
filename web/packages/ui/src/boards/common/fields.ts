import type { EntityMeta, FieldMeta } from "@superpaas/api";

import { allFields } from "../../fields/index.ts";
import type { View } from "../../list/index.ts";

/** What every board is given by the list. */
export interface BoardProps {
  cell: string;
  entity: EntityMeta;
  view: View;
  filter: Record<string, unknown>;
  q?: string;
}

/** The fields of a card in the view's order; without a choice the first ones of the list. */
export function cardFields(entity: EntityMeta, view: Pick<View, "settings">, t: (key: string) => string): FieldMeta[] {
  const all = allFields(entity, t);
  const names = Array.isArray(view.settings["card"]) ? (view.settings["card"] as string[]) : [];
  const chosen = names.map((name) => all.find((field) => field.name === name)).filter((field) => field !== undefined);
  return chosen.length > 0 ? chosen : all.filter((field) => field.list).slice(0, 4);
}

/** A setting of a view that names a field. */
export function settingOf(view: Pick<View, "settings">, name: string): string {
  const value = view.settings[name];
  return typeof value === "string" ? value : "";
}

/** A field by name, the standard ones too. */
export function fieldNamed(entity: EntityMeta, name: string, t: (key: string) => string): FieldMeta | undefined {
  return allFields(entity, t).find((field) => field.name === name);
}
