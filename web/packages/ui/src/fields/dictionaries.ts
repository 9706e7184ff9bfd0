import { defineStore } from "pinia";
import { shallowReactive } from "vue";

import { language, useApi } from "@superpaas/api";

/** An entry of a data dictionary; `open`: it may be chosen today. */
export interface DictionaryEntry {
  code: string;
  label: string;
  parent: string | null;
  colour: string | null;
  open: boolean;
}

/** Data dictionaries of the cells, each read once. */
export const useDictionaries = defineStore("dictionaries", () => {
  const known = shallowReactive(new Map<string, DictionaryEntry[]>());
  const running = new Map<string, Promise<DictionaryEntry[]>>();

  async function load(cell: string, code: string): Promise<DictionaryEntry[]> {
    const key = `${language.value}/${cell}/${code}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    let request = running.get(key);
    if (request === undefined) {
      request = useApi()
        .get<{ items: DictionaryEntry[] }>(`/api/v1/${cell}/_dictionaries/${encodeURIComponent(code)}`)
        .then(({ items }) => {
          known.set(key, items);
          return items;
        })
        .finally(() => running.delete(key));
      running.set(key, request);
    }
    return request;
  }

  function entries(cell: string, code: string): DictionaryEntry[] {
    return known.get(`${language.value}/${cell}/${code}`) ?? [];
  }

  return { load, entries };
});
