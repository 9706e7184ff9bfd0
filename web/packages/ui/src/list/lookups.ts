import { cellOf, useApi, useMetadata, type EntityMeta, type FieldMeta } from "@superpaas/api";

import { useDictionaries } from "../fields/dictionaries.ts";
import { useNames } from "../fields/names.ts";
import { candidates } from "../fields/references.ts";

export class NotFoundByText extends Error {}

/** The value that a text names: a document by its code, number or name, a colleague, a department, an entry. */
export async function lookUp(entity: EntityMeta, field: FieldMeta, text: string): Promise<string> {
  const found = await named(entity, field, text);
  const [one, other] = [...new Set(found)];
  if (one === undefined || other !== undefined) throw new NotFoundByText(`${field.label}: ${text}`);
  return one;
}

async function named(entity: EntityMeta, field: FieldMeta, text: string): Promise<string[]> {
  const word = text.toLowerCase();
  const fits = (...names: (string | null | undefined)[]): boolean => names.some((name) => name?.toLowerCase() === word);
  if (field.kind === "user") {
    const people = await useNames().searchPeople(text);
    return people.filter((person) => fits(person.name, person.username)).map((person) => person.id);
  }
  if (field.kind === "department") {
    const names = useNames();
    await names.loadDepartments();
    return [...names.departments.values()].filter((item) => fits(item.name)).map((item) => item.id);
  }
  if (field.kind === "dictionary") {
    const entries = await useDictionaries().load(cellOf(entity.key), field.dictionary ?? "");
    return entries.filter((entry) => fits(entry.code, entry.label)).map((entry) => entry.code);
  }
  const metadata = useMetadata();
  const target = metadata.entityOf(field.to ?? "");
  if (target === undefined) return [];
  const found = await candidates(useApi(), target, text, undefined);
  return found.filter((item) => fits(item.id, item.label, item.hint)).map((item) => item.id);
}
