import { isEditable, titleOf, type DocumentRow, type EntityMeta, type FieldMeta, type Row } from "@superpaas/api";

import { formatField, toneOfState, type FormatContext, type Tone } from "../../fields/index.ts";
import { dayAfter, wallOf } from "../common/days.ts";

/** Text on these has to be read in both themes: the tokens see to it. */
const COLOURS: Record<Tone, string> = {
  blue: "var(--sp-brand)",
  green: "var(--sp-success)",
  orange: "var(--sp-warning)",
  yellow: "var(--sp-warning)",
  red: "var(--sp-danger)",
  grey: "var(--sp-info)",
  purple: "var(--sp-brand)",
};

export interface CalendarEvent {
  id: string;
  title: string;
  start: string;
  end?: string;
  allDay: boolean;
  editable: boolean;
  color: string;
}

/** A row on the calendar; `null` where it has no day. */
export function eventOf(
  entity: EntityMeta,
  row: Row,
  start: FieldMeta,
  end: FieldMeta | undefined,
  card: readonly FieldMeta[],
  locale: string,
  context: FormatContext & { zone: string },
): CalendarEvent | null {
  const from = wallOf(start, row[start.name], context.zone);
  if (from === null) return null;
  const to = end === undefined ? null : wallOf(end, row[end.name], context.zone);
  const texts = card.map((field) => formatField(field, row, locale, context)).filter((text) => text !== "");
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
    color: COLOURS[tone],
  };
}
