import { isEditable, titleOf, type DocumentRow, type EntityMeta, type FieldMeta, type Row } from "@superpaas/api";

import { formatField } from "../../fields/index.ts";
import { toneOfState } from "../../fields/index.ts";
import { dayAfter, wallOf } from "../common/days.ts";

export interface CalendarEvent {
  id: string;
  title: string;
  start: string;
  end?: string;
  allDay: boolean;
  editable: boolean;
  className: string;
}

/** A row on the calendar; `null` where it has no day. */
export function eventOf(
  entity: EntityMeta,
  row: Row,
  start: FieldMeta,
  end: FieldMeta | undefined,
  card: readonly FieldMeta[],
  locale: string,
  zone: string,
): CalendarEvent | null {
  const from = wallOf(start, row[start.name], zone);
  if (from === null) return null;
  const to = end === undefined ? null : wallOf(end, row[end.name], zone);
  const texts = card.map((field) => formatField(field, row, locale, { zone })).filter((text) => text !== "");
  const tone = typeof row["state"] === "string" ? toneOfState(row["state"], entity.states ?? []) : "blue";
  const allDay = start.kind === "date";
  return {
    id: row.id,
    title: texts.join(" · ") || titleOf(entity, row),
    start: from,
    // The last day of a calendar's span is the one after it.
    ...(to === null || to < from ? {} : { end: allDay ? dayAfter(to, 1) : to }),
    allDay,
    editable: !start.readonly && isEditable(entity, row as DocumentRow),
    className: `tone-${tone}`,
  };
}
