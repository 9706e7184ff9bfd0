import { computed, ref, shallowRef, type ComputedRef, type Ref } from "vue";

import { language, useApi, useConnection, type EntityMeta } from "@superpaas/api";

import type { View, ViewKind, ViewSettings } from "./types.ts";

export interface NewView {
  name: string;
  kind: ViewKind;
  settings: ViewSettings;
  sharing: "private" | "roles" | "all";
  roles?: string[];
}

export interface Views {
  items: Readonly<Ref<readonly View[]>>;
  start: ComputedRef<View | undefined>;
  loaded: Readonly<Ref<boolean>>;
  load: () => Promise<void>;
  create: (view: NewView) => Promise<View>;
  change: (view: View, change: Partial<NewView>) => Promise<View>;
  remove: (view: View) => Promise<void>;
  makeDefault: (view: View) => Promise<void>;
}

/** What was read before in this page's life: a list that is opened again need not wait for its views. */
const known = new Map<string, readonly View[]>();

/** The saved views of an entity, on the server. */
export function useViews(cell: string, entity: EntityMeta): Views {
  const base = `/api/v1/${encodeURIComponent(cell)}/_views`;
  const items = shallowRef<readonly View[]>([]);
  const loaded = ref(false);
  const start = computed(() => items.value.find((view) => view.default) ?? items.value[0]);

  async function load(): Promise<void> {
    const before = known.get(mark());
    const asked = read();
    if (before === undefined || loaded.value) return asked;
    items.value = before;
    loaded.value = true;
    // What has changed meanwhile comes behind it; a failure is met by the list itself.
    asked.catch(() => undefined);
  }

  async function read(): Promise<void> {
    const key = mark();
    const found = await useApi().get<{ items: View[] }>(base, { query: { entity: entity.key } });
    // Views for scanners are pages of their own.
    const usable = found.items.filter((view) => (view.kind as string) !== "scan");
    known.set(key, usable);
    if (JSON.stringify(usable) !== JSON.stringify(items.value)) items.value = usable;
    loaded.value = true;
  }

  function mark(): string {
    const { who } = useConnection().keeper;
    return [who?.tenantId, who?.userId, language.value, entity.key].join("/");
  }

  async function create(view: NewView): Promise<View> {
    const made = await useApi().post<View>(base, { entity: entity.key, ...view });
    await load();
    return made;
  }

  async function change(view: View, changes: Partial<NewView>): Promise<View> {
    const path = `${base}/${encodeURIComponent(view.id)}`;
    const made = await useApi().patch<View>(path, { ...changes, version: view.version });
    await load();
    return made;
  }

  async function remove(view: View): Promise<void> {
    await useApi().delete(`${base}/${encodeURIComponent(view.id)}`);
    await load();
  }

  async function makeDefault(view: View): Promise<void> {
    await useApi().post(`${base}/${encodeURIComponent(view.id)}/make-default`, {});
    await load();
  }

  return { items, start, loaded, load, create, change, remove, makeDefault };
}
