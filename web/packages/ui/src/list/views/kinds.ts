import { shallowReactive, type Component } from "vue";

import type { ViewKind } from "./types.ts";

const kinds = shallowReactive(new Map<ViewKind, Component>());

/** The renderer of a kind of view: gets `cell`, `entity` (its metadata), `view` and `filter` (the list's, all in one). */
export function registerViewKind(kind: ViewKind, component: Component): void {
  kinds.set(kind, component);
}

export function viewKind(kind: ViewKind): Component | undefined {
  return kinds.get(kind);
}
