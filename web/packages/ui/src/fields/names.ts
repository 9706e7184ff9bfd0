import { defineStore } from "pinia";
import { shallowReactive } from "vue";

import { ApiError, useApi, useMetadata, useSession, type FileInfo } from "@superpaas/api";

/** A colleague, as pickers and cells show him. */
export interface Person {
  id: string;
  name: string;
  username?: string;
  department?: string | null;
  active?: boolean;
}

export interface DepartmentName {
  id: string;
  name: string;
  parent_id: string | null;
}

const PEOPLE = "/api/v1/auth/people";
const CELL = "cell:";
const DEPARTMENTS = "/api/v1/auth/departments";
/** As many ids as one request takes. */
const MOST = 100;

/** Names of users, departments and files; asked for together, a screen at a time. */
export const useNames = defineStore("names", () => {
  const people = shallowReactive(new Map<string, Person | null>());
  const departments = shallowReactive(new Map<string, DepartmentName>());
  const files = shallowReactive(new Map<string, FileInfo | null>());
  const wantedPeople = new Set<string>();
  const wantedFiles = new Map<string, Set<string>>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reading: Promise<void> | undefined;

  /** A user's name, or `undefined` while it is not known; asks for it. */
  function person(id: string): string | undefined {
    const session = useSession();
    if (session.me?.userId === id) return session.me.displayName || session.me.username;
    // A cell that has done something by itself.
    if (id.startsWith(CELL)) return useMetadata().metas.get(id.slice(CELL.length))?.label ?? id.slice(CELL.length);
    const known = people.get(id);
    if (known === undefined) {
      wantedPeople.add(id);
      soon();
    }
    return known?.name;
  }

  function department(id: string): string | undefined {
    if (departments.size === 0) loadDepartments().catch(() => undefined);
    return departments.get(id)?.name;
  }

  /** What is known of a file of a cell; asks for it. */
  function file(cell: string, id: string): FileInfo | undefined {
    const known = files.get(id);
    if (known === undefined) {
      const wanted = wantedFiles.get(cell) ?? new Set();
      wantedFiles.set(cell, wanted.add(id));
      soon();
    }
    return known ?? undefined;
  }

  function keepFile(info: FileInfo): void {
    files.set(info.id, info);
  }

  async function searchPeople(q: string, signal?: AbortSignal): Promise<Person[]> {
    const query = { q: q.trim(), limit: 20 };
    const found = await useApi().get<{ items: Person[] }>(PEOPLE, signal === undefined ? { query } : { query, signal });
    for (const item of found.items) people.set(item.id, item);
    return found.items;
  }

  function loadDepartments(): Promise<void> {
    reading ??= useApi()
      .get<{ items: DepartmentName[] }>(DEPARTMENTS)
      .then(({ items }) => {
        for (const item of items) departments.set(item.id, item);
      });
    return reading;
  }

  function soon(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      void ask();
    }, 20);
  }

  async function ask(): Promise<void> {
    const ids = [...wantedPeople].slice(0, MOST);
    const byCell = [...wantedFiles].map(([cell, wanted]) => [cell, [...wanted].slice(0, MOST)] as const);
    for (const id of ids) wantedPeople.delete(id);
    wantedFiles.clear();
    await Promise.allSettled([
      ids.length === 0 ? undefined : askPeople(ids),
      ...byCell.map(([cell, wanted]) => askFiles(cell, wanted)),
    ]);
    if (wantedPeople.size > 0) soon();
  }

  async function askPeople(ids: string[]): Promise<void> {
    try {
      const found = await useApi().get<{ items: Person[] }>(PEOPLE, { query: { ids: ids.join(","), limit: MOST } });
      for (const item of found.items) people.set(item.id, item);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    // Who is not known stays so: asking again with every cell that is drawn would never end.
    for (const id of ids) if (!people.has(id)) people.set(id, null);
  }

  async function askFiles(cell: string, ids: string[]): Promise<void> {
    try {
      const found = await useApi().get<{ items: FileInfo[] }>(`/api/v1/${cell}/_files`, { query: { ids: ids.join(",") } });
      for (const item of found.items) files.set(item.id, item);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    for (const id of ids) if (!files.has(id)) files.set(id, null);
  }

  return { people, departments, files, person, department, file, keepFile, searchPeople, loadDepartments };
});
