import type { CellMeta, EntityMeta, FieldMeta } from "@superpaas/api";

/** An entity that refers to another by a field of its own. */
export interface Relation {
  entity: EntityMeta;
  field: FieldMeta;
}

/** A document that a row refers to. */
export interface Origin {
  field: FieldMeta;
  id: string;
}

const REFERENCES = new Set(["reference", "external_reference"]);

/** Who refers to an entity: fields of all cells that the reader may enter, where lists may be filtered by them. */
export function relationsTo(key: string, metas: Iterable<CellMeta>): Relation[] {
  const found: Relation[] = [];
  for (const meta of metas) {
    for (const entity of meta.entities) {
      if (entity.kit) continue;
      for (const field of entity.fields) {
        if (field.to === key && REFERENCES.has(field.kind) && field.operators.includes("eq")) found.push({ entity, field });
      }
    }
  }
  // Documents come before ledgers, and of each kind in the order of the cells.
  return found.sort((one, other) => Number(one.entity.kind !== "document") - Number(other.entity.kind !== "document"));
}

/** The rows that a row refers to; what the reader does not see has no value here. */
export function originsOf(entity: EntityMeta, row: Record<string, unknown>): Origin[] {
  return entity.fields.flatMap((field) => {
    const id = row[field.name];
    return REFERENCES.has(field.kind) && typeof id === "string" && id !== "" ? [{ field, id }] : [];
  });
}

/** The words of a relation: the entity's, with the field's where an entity refers in more than one way. */
export function wordsOf(relation: Relation, all: readonly Relation[]): string {
  const ways = all.filter((other) => other.entity.key === relation.entity.key);
  return ways.length > 1 ? `${relation.entity.label} · ${relation.field.label}` : relation.entity.label;
}
