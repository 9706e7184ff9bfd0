import type { ActionMeta, CellMeta, DocumentRow, EntityMeta, FieldMeta } from "./types.ts";

/** The word of an entity in addresses: `quotes` of `/api/v1/crm/quotes`. */
export function pluralOf(entity: Pick<EntityMeta, "path">): string {
  return entity.path.slice(entity.path.lastIndexOf("/") + 1);
}

/** `crm` of `crm.quote`. */
export function cellOf(key: string): string {
  return key.slice(0, key.indexOf("."));
}

export function entityByPlural(meta: CellMeta, plural: string): EntityMeta | undefined {
  return meta.entities.find((entity) => pluralOf(entity) === plural);
}

export function entityByKey(meta: CellMeta, key: string): EntityMeta | undefined {
  return meta.entities.find((entity) => entity.key === key);
}

export function fieldOf(entity: EntityMeta, name: string): FieldMeta | undefined {
  return entity.fields.find((field) => field.name === name);
}

/** Whether the caller holds a verb of an entity. */
export function may(entity: EntityMeta, verb: string): boolean {
  return entity.permissions.includes(verb);
}

/** The actions that a row's state allows; the caller's permissions are already in the metadata. */
export function actionsFor(entity: EntityMeta, row: Pick<DocumentRow, "state">): ActionMeta[] {
  return (entity.actions ?? []).filter(
    (action) => action.source === null || (row.state !== undefined && action.source.includes(row.state)),
  );
}

/** Whether a row may be changed by the caller in its state; a row without states always may. */
export function isEditable(entity: EntityMeta, row: Pick<DocumentRow, "state">): boolean {
  if (entity.kind !== "document" || !may(entity, "update")) return false;
  const state = entity.states?.find((item) => item.key === row.state);
  return state === undefined || state.editable;
}

/** Whether at least some fields of a row may be changed: those that are open in every state. */
export function isPartlyEditable(entity: EntityMeta): boolean {
  return entity.kind === "document" && may(entity, "update") && entity.fields.some((field) => field.always_editable === true && !field.readonly);
}

export function isDeletable(entity: EntityMeta, row: Pick<DocumentRow, "state">): boolean {
  if (entity.kind !== "document" || !may(entity, "delete")) return false;
  const state = entity.states?.find((item) => item.key === row.state);
  return state === undefined || state.deletable;
}

/** The text that names a row: its title, its number, or its id. */
export function titleOf(entity: Pick<EntityMeta, "title">, row: Record<string, unknown>): string {
  for (const name of [entity.title, "number", "name", "code", "id"]) {
    const value = row[`${name}_label`] ?? row[name];
    if (typeof value === "string" && value !== "") return value;
  }
  return "";
}

/** The page of an entity's list or of one row: `/c/crm/quotes/<id>`. */
export function pageOf(entity: EntityMeta, id?: string): string {
  const list = `/c/${cellOf(entity.key)}/${pluralOf(entity)}`;
  return id === undefined ? list : `${list}/${encodeURIComponent(id)}`;
}
