import { listPage, titleOf, type ApiClient, type EntityMeta, type Filter, type Row } from "@superpaas/api";

import { isSearchable } from "./kinds.ts";

/** A row that may be picked, with what tells it from others of the same name. */
export interface Candidate {
  id: string;
  label: string;
  hint: string;
  row: Row;
}

const MOST = 20;
const HINTS = ["code", "number", "specification", "short_name", "unit", "tax_number"];

/** The rows of an entity that fit a text, for pickers. */
export async function candidates(
  api: ApiClient,
  entity: EntityMeta,
  text: string,
  filter: Filter | undefined,
  signal?: AbortSignal,
): Promise<Candidate[]> {
  const word = text.trim();
  const found = await listPage<Row>(api, entity.path, { ...searchOf(entity, word, filter), limit: MOST }, signal);
  return found.items.map((row) => candidateOf(entity, row));
}

/** How a list is narrowed to a word: by its search, or else by its title. */
export function searchOf(entity: EntityMeta, word: string, filter: Filter = {}): { q?: string; filter?: Filter } {
  if (word === "") return { filter };
  if (isSearchable(entity)) return { q: word, filter };
  const title = entity.fields.find((field) => field.name === entity.title);
  if (title?.operators.includes("contains") !== true) return { filter };
  return { filter: { ...filter, [title.name]: { contains: word } } };
}

export function candidateOf(entity: EntityMeta, row: Row): Candidate {
  const label = titleOf(entity, row);
  const hint = HINTS.map((name) => row[name]).find((value) => typeof value === "string" && value !== "" && value !== label);
  return { id: row.id, label, hint: typeof hint === "string" ? hint : "", row };
}

const recents = new Map<string, Candidate[]>();

/** What was picked lately of an entity, newest first; in memory only, so that nothing of it stays on the machine. */
export function recentOf(key: string): readonly Candidate[] {
  return recents.get(key) ?? [];
}

export function remember(key: string, picked: Candidate): void {
  recents.set(key, [picked, ...recentOf(key).filter((item) => item.id !== picked.id)].slice(0, 5));
}
