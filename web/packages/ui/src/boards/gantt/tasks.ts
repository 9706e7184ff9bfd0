import { isEditable, titleOf, type DocumentRow, type EntityMeta, type FieldMeta, type Row } from "@superpaas/api";

import { formatField, toneOfState } from "../../fields/index.ts";
import { dayAfter, wallOf } from "../common/days.ts";

export interface GanttTask {
  id: string;
  text: string;
  start_date: Date;
  end_date: Date;
  readonly: boolean;
  tone: string;
  days: number;
}

/** A row as a bar from its first to its last day; `null` where one of them is missing or they are the wrong way round. */
export function taskOf(
  entity: EntityMeta,
  row: Row,
  start: FieldMeta,
  end: FieldMeta,
  card: readonly FieldMeta[],
  locale: string,
  zone: string,
): GanttTask | null {
  const from = wallOf(start, row[start.name], zone)?.slice(0, 10);
  const to = wallOf(end, row[end.name], zone)?.slice(0, 10);
  if (from === undefined || to === undefined || to < from) return null;
  const texts = card.map((field) => formatField(field, row, locale, { zone })).filter((text) => text !== "");
  const last = localDay(dayAfter(to, 1));
  const first = localDay(from);
  return {
    id: row.id,
    text: texts.join(" · ") || titleOf(entity, row),
    start_date: first,
    end_date: last,
    readonly: start.readonly || end.readonly || !isEditable(entity, row as DocumentRow),
    tone: typeof row["state"] === "string" ? toneOfState(row["state"], entity.states ?? []) : "blue",
    days: Math.round((last.getTime() - first.getTime()) / 86_400_000),
  };
}

/** The chart draws days on the machine's own clock. */
export function localDay(day: string): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date);
}

export function dayText(at: Date): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${at.getFullYear().toString()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** By what the scale is divided so that the whole span can be looked over. */
export function scaleOf(tasks: readonly GanttTask[]): "day" | "week" | "month" {
  if (tasks.length === 0) return "day";
  const first = Math.min(...tasks.map((task) => task.start_date.getTime()));
  const last = Math.max(...tasks.map((task) => task.end_date.getTime()));
  const days = (last - first) / 86_400_000;
  if (days <= 62) return "day";
  return days <= 400 ? "week" : "month";
}

/** The days on show: some more than the bars take on both sides, so that a bar can be dragged out of where all are. */
export function spanOf(tasks: readonly GanttTask[], scale: "day" | "week" | "month"): { from: Date; to: Date } | null {
  if (tasks.length === 0) return null;
  const first = new Date(Math.min(...tasks.map((task) => task.start_date.getTime())));
  const last = new Date(Math.max(...tasks.map((task) => task.end_date.getTime())));
  const room = { day: 14, week: 56, month: 184 }[scale];
  first.setDate(first.getDate() - room);
  last.setDate(last.getDate() + room);
  return { from: first, to: last };
}
