import { inject, provide, type InjectionKey } from "vue";

import type { EntityMeta, FieldMeta } from "@superpaas/api";

/** Where a field stands: some need their cell (files, dictionaries), revealing needs the entity and row. */
export interface FieldContext {
  /** `erp`. */
  cell?: string;
  entity?: EntityMeta;
  /** Narrows what a reference may point at, as a list's filter. */
  filterOf?: (field: FieldMeta) => Record<string, unknown> | undefined;
  /** Opens a form to make what is not there yet; gives the new row's id and label. Without it a new tab is opened. */
  create?: (field: FieldMeta, text: string) => Promise<{ id: string; label: string } | null>;
  /** Told of the row that was picked for a reference, so that others of its values can be taken over. */
  picked?: (field: FieldMeta, row: Record<string, unknown> | null) => void;
}

const KEY: InjectionKey<() => FieldContext> = Symbol("fields");

/** Say for all fields below where they stand. */
export function provideFieldContext(context: () => FieldContext): void {
  provide(KEY, context);
}

export function useFieldContext(own: () => FieldContext | undefined): () => FieldContext {
  const outer = inject(KEY, () => ({}));
  return () => ({ ...outer(), ...own() });
}
