import type { EntityMeta, FieldMeta } from "@superpaas/api";

import { widthOf } from "../fields/kinds.ts";
import type { GridColumn } from "../grid/types.ts";
import type { ViewColumn } from "./views/types.ts";

const NARROWEST = 40;
const WIDEST = 2000;

/** The columns of a view, or else those that the entity shows by default. */
export function columnsOf(
  entity: EntityMeta,
  fields: readonly FieldMeta[],
  chosen: readonly ViewColumn[] | undefined,
): GridColumn[] {
  const byName = new Map(fields.map((field) => [field.name, field]));
  const wanted = chosen ?? fields.filter((field) => field.list).map((field): ViewColumn => ({ field: field.name }));
  const known = wanted.flatMap(({ field: name, width, freeze }): GridColumn[] => {
    const field = byName.get(name);
    if (field === undefined) return [];
    const column = { field, width: width ?? widthOf(field), sortable: entity.sortable.includes(name) };
    return [freeze === undefined ? column : { ...column, freeze }];
  });
  // The table puts frozen columns at its edges; the order says so too, so that keys go the way that eyes go.
  const rank = { left: 0, none: 1, right: 2 };
  return known.sort((one, other) => rank[one.freeze ?? "none"] - rank[other.freeze ?? "none"]);
}

/** Columns as views keep them. */
export function viewColumns(columns: readonly GridColumn[]): ViewColumn[] {
  return columns.map(({ field, width, freeze }) => ({
    field: field.name,
    width: Math.min(Math.max(Math.round(width), NARROWEST), WIDEST),
    ...(freeze === undefined ? {} : { freeze }),
  }));
}
