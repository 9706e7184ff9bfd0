import { computed, ref, shallowRef, type ComputedRef, type Ref } from "vue";

import { useApi, type EntityMeta } from "@superpaas/api";

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

/** The saved views of an entity, on the server. */
export function useViews(cell: string, entity: EntityMeta): Views {
  const base = `/api/v1/${encodeURIComponent(cell)}/_views`;
  const items = shallowRef<readonly View[]>([]);
  const loaded = ref(false);
  const start = computed(() => items.value.find((view) => view.default) ?? items.value[0]);

  async function load(): Promise<void> {
    const found = await useApi().get<{ items: View[] }>(base, { query: { entity: entity.key } });
    items.value = found.items;
    loaded.value = true;
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
