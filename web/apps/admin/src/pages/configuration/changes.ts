import type { Difference } from "../../running/differences.ts";
import { bytesText } from "../../running/figures.ts";
import type { Setting, Value } from "./types.ts";

/** What is to be set: `null` goes back to the default. Only what really changes is in it. */
export type Changes = Readonly<Record<string, Value | null>>;

/** The groups in the order in which the platform tells them. */
export function groupsOf(items: readonly Setting[]): { group: string; items: Setting[] }[] {
  const groups = new Map<string, Setting[]>();
  for (const item of items) groups.set(item.group, [...(groups.get(item.group) ?? []), item]);
  return [...groups].map(([group, settings]) => ({ group, items: settings }));
}

/** The changes after a value was typed or chosen; what is as it was before is no change. */
export function withValue(changes: Changes, setting: Setting, value: Value | null): Changes {
  const { [setting.name]: _gone, ...rest } = changes;
  const own = setting.source === "console" ? setting.value : null;
  return value === own ? rest : { ...rest, [setting.name]: value };
}

/** The value that a field shows. */
export function shownOf(setting: Setting, changes: Changes): Value | null {
  const changed = changes[setting.name];
  if (changed === undefined) return setting.value;
  return changed ?? setting.default;
}

/** Whether a value is set in the console, after the changes. */
export function isOwn(setting: Setting, changes: Changes): boolean {
  const changed = changes[setting.name];
  return changed === undefined ? setting.source === "console" : changed !== null;
}

/** The changes as they are shown before they are applied. */
export function previewOf(items: readonly Setting[], changes: Changes): Difference[] {
  return items
    .filter((item) => item.name in changes)
    .map((item) => ({ path: item.name, before: item.value, after: changes[item.name] ?? item.default }));
}

/** The processes that have to be restarted for some settings, by what the platform tells of their reach. */
export function scopesOf(items: readonly Setting[], names: Iterable<string>): string[] {
  const wanted = new Set(names);
  const late = items.filter((item) => wanted.has(item.name) && item.takes_effect === "restart");
  return [...new Set(late.map((item) => item.scope))].sort();
}

/** A value with its unit, as it is read. */
export function valueText(setting: Pick<Setting, "unit"> | undefined, value: Value | null): string {
  if (value === null) return "";
  if (setting?.unit === "bytes" && typeof value === "number") return bytesText(value);
  return setting === undefined || setting.unit === "" ? String(value) : `${value} ${setting.unit}`;
}

/** What is wrong with a typed text: the platform checks as well, but later. */
export function textProblem(setting: Setting, value: Value | null): boolean {
  if (setting.name !== "SUPERPAAS_BACKUP_AT" || value === null) return false;
  return !/^(off|([01]\d|2[0-3]):[0-5]\d)$/.test(String(value));
}
