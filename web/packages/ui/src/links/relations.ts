import { titleOf, type CellMeta, type EntityMeta, type FieldMeta } from "@superpaas/api";

import { labelBeside } from "../fields/labels.ts";

/** An entity that refers to another by a field of its own or of its lines. */
export interface Relation {
  entity: EntityMeta;
  field: FieldMeta;
  /** The grid of the lines that refer. */
  grid?: string;
}

/** A document that a row refers to. */
export interface Origin {
  field: FieldMeta;
  id: string;
  /** The row or the line that holds the reference and its text. */
  from: Record<string, unknown>;
}

/** As many documents of each kind are shown of those that lines refer to. */
const MOST_OF_LINES = 10;

const REFERENCES = new Set(["reference", "external_reference"]);

/** Who refers to an entity: fields of all cells that the reader may enter, where lists may be filtered by them. */
export function relationsTo(key: string, metas: Iterable<CellMeta>): Relation[] {
  const found: Relation[] = [];
  for (const meta of metas) {
    for (const entity of meta.entities) {
      if (entity.kit) continue;
      for (const field of entity.fields) {
        if (refers(field, key)) found.push({ entity, field });
      }
      for (const grid of entity.lines) {
        const own = entity.fields.some((field) => refers(field, key));
        // What refers by itself is found by that; its lines would find it again.
        for (const field of own ? [] : grid.fields) if (refers(field, key)) found.push({ entity, field, grid: grid.name });
      }
    }
  }
  // Documents come before ledgers, and of each kind in the order of the cells.
  return found.sort((one, other) => Number(one.entity.kind !== "document") - Number(other.entity.kind !== "document"));
}

function refers(field: FieldMeta, key: string): boolean {
  return field.to === key && REFERENCES.has(field.kind) && field.operators.includes("eq");
}

/** The filter by which a list finds what refers to a row. */
export function filterOf(relation: Relation): string {
  return relation.grid === undefined ? relation.field.name : `${relation.grid}.${relation.field.name}`;
}

/**
 * The rows that a row refers to; what the reader does not see has no value here. Of what its lines refer to only
 * documents count (`isDocument`): the items of an order are not where it came from.
 */
export function originsOf(entity: EntityMeta, row: Record<string, unknown>, isDocument: (key: string) => boolean): Origin[] {
  const own = entity.fields.flatMap((field) => originOf(field, row));
  const known = new Set(own.map((origin) => origin.id));
  const ofLines = entity.lines.flatMap((grid) => {
    const lines = Array.isArray(row[grid.name]) ? (row[grid.name] as Record<string, unknown>[]) : [];
    return grid.fields
      .filter((field) => field.to !== undefined && isDocument(field.to))
      .flatMap((field) => {
        const fresh = lines.flatMap((line) => originOf(field, line)).filter(({ id }) => !known.has(id) && known.add(id));
        return fresh.slice(0, MOST_OF_LINES);
      });
  });
  return [...own, ...ofLines];
}

function originOf(field: FieldMeta, from: Record<string, unknown>): Origin[] {
  const id = from[field.name];
  return REFERENCES.has(field.kind) && typeof id === "string" && id !== "" ? [{ field, id, from }] : [];
}

const TELLING = new Set(["date", "moment", "text", "reference", "external_reference", "choice"]);

/** What a row is called in a list of links: its title, or of entries without one what tells most about them. */
export function nameOf(relation: Relation, item: Record<string, unknown>): string {
  const { entity } = relation;
  if (entity.title) return titleOf(entity, item);
  const words = entity.fields
    .filter((field) => field !== relation.field && TELLING.has(field.kind))
    .map((field) => labelBeside(field, item) || (REFERENCES.has(field.kind) ? "" : String(item[field.name] ?? "")))
    .filter((text) => text !== "");
  return words.length > 0 ? words.slice(0, 2).join(" · ") : titleOf(entity, item);
}

/** The words of a relation: the entity's, with the field's where an entity refers in more than one way. */
export function wordsOf(relation: Relation, all: readonly Relation[]): string {
  const ways = all.filter((other) => other.entity.key === relation.entity.key);
  return ways.length > 1 ? `${relation.entity.label} · ${relation.field.label}` : relation.entity.label;
}
