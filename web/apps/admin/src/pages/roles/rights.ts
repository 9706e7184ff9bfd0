import { allows } from "@superpaas/api";

import type { RoleBody } from "../../people/types.ts";

/** One permission of the catalogue. */
export interface PermissionEntry {
  name: string;
  verb: string;
  kind: "menu" | "button";
  label: { zh: string; en: string };
}

export interface PermissionGroup {
  key: string;
  label: { zh: string; en: string };
  permissions: PermissionEntry[];
}

/** What one cell has to give. */
export interface CatalogueCell {
  cell: string;
  label: { zh: string; en: string };
  entities: { key: string; label?: unknown }[];
  groups: PermissionGroup[];
  matrix: string | null;
}

/** The verbs that nearly every entity has: they get a column each, all others stand together. */
export const COMMON = ["read", "create", "update", "delete", "import", "export"] as const;

/** By which line of a role a permission is given: its own, a star's, or none. */
export function givenBy(permissions: readonly string[], name: string): string | null {
  if (permissions.includes(name)) return name;
  return permissions.find((pattern) => pattern.includes("*") && allows([pattern], name)) ?? null;
}

/** Give or take one permission; what a star gives cannot be taken one by one. */
export function withPermission(permissions: readonly string[], name: string, on: boolean): string[] {
  const others = permissions.filter((item) => item !== name);
  return on ? [...others, name].sort() : others;
}

/** Give all of `crm.lead.*` or `crm.*` (what the star covers need not be named any more), or take the star away. */
export function withStar(permissions: readonly string[], star: string, on: boolean): string[] {
  const others = permissions.filter((item) => item !== star && (!on || !allows([star], item)));
  return on ? [...others, star].sort() : others;
}

/** Name each permission that a star gives, so that single ones can be taken: new ones are then not given by themselves. */
export function expanded(permissions: readonly string[], star: string, names: readonly string[]): string[] {
  const covered = names.filter((name) => allows([star], name));
  return [...new Set([...permissions.filter((item) => item !== star), ...covered])].sort();
}

export interface Line {
  key: string;
  here: string | null;
  there: string | null;
}

export interface Difference {
  same: boolean;
  permissions: { only_here: string[]; only_there: string[] };
  default_scope: Line[];
  scopes: Line[];
  custom_department_ids: { key: string; here: string[] | null; there: string[] | null }[];
  field_rules: Line[];
}

/** What saving would change: more, less, and otherwise. */
export interface Changes {
  given: string[];
  taken: string[];
  /** Names, scopes, departments and field rules whose value is another one. */
  others: string[];
}

export function changesOf(before: RoleBody, after: RoleBody): Changes {
  const given = after.permissions.filter((item) => !before.permissions.includes(item));
  const taken = before.permissions.filter((item) => !after.permissions.includes(item));
  const others = [
    ...(before.code === after.code ? [] : ["code"]),
    ...(before.name === after.name ? [] : ["name"]),
    ...(before.default_scope === after.default_scope ? [] : ["default_scope"]),
    ...differing(before.scopes, after.scopes),
    ...differing(before.custom_department_ids, after.custom_department_ids),
    ...differing(before.field_rules, after.field_rules),
  ];
  return { given, taken, others: [...new Set(others)] };
}

export function isChanged({ given, taken, others }: Changes): boolean {
  return given.length + taken.length + others.length > 0;
}

function differing(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.filter((key) => textOf(before[key]) !== textOf(after[key]));
}

function textOf(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? [...(value as string[])].sort() : (value ?? null));
}

/** The part of a role that is edited, as a copy of its own. */
export function bodyOf(role: RoleBody): RoleBody {
  const { code, name, permissions, default_scope, scopes, custom_department_ids, field_rules } = role;
  return structuredClone({ code, name, permissions: [...permissions].sort(), default_scope, scopes: { ...scopes }, custom_department_ids: { ...custom_department_ids }, field_rules: { ...field_rules } });
}

/** The same record with a key set, or without it. */
export function withKey<T>(record: Readonly<Record<string, T>>, key: string, value: T | undefined): Record<string, T> {
  const { [key]: _before, ...others } = record;
  return value === undefined ? others : { ...others, [key]: value };
}
