import { localTime, momentOf, type FieldMeta, type Filter } from "@superpaas/api";

/** A value of a day or moment field as the clocks of the zone show it: `2026-03-05` or `2026-03-05T14:30`. */
export function wallOf(field: FieldMeta, value: unknown, zone: string): string | null {
  if (typeof value !== "string" || value === "") return null;
  if (field.kind === "date") return value.slice(0, 10);
  const time = localTime(value, zone);
  if (time === null) return null;
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${String(time.year).padStart(4, "0")}-${two(time.month)}-${two(time.day)}T${two(time.hour)}:${two(time.minute)}`;
}

/** What a field is to hold for a place on the calendar, the other way round. */
export function valueOf(field: FieldMeta, wall: string, zone: string): string | null {
  if (field.kind === "date") return wall.slice(0, 10);
  return momentOf(wall.slice(0, 16).replace("T", " "), zone);
}

/** The day so many days after another. */
export function dayAfter(day: string, days: number): string {
  const at = new Date(`${day.slice(0, 10)}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** The rows that lie in or reach into the days `from` to before `to`. */
export function withinDays(start: FieldMeta, end: FieldMeta | undefined, from: string, to: string, zone: string): Filter {
  const first = valueOf(start, start.kind === "date" ? from : `${from} 00:00`, zone);
  const after = valueOf(start, start.kind === "date" ? to : `${to} 00:00`, zone);
  if (end === undefined || end.kind !== start.kind) return { [start.name]: { gte: first, lt: after } };
  const last = valueOf(end, end.kind === "date" ? from : `${from} 00:00`, zone);
  return { $where: `${start.name} < "${after ?? to}" and coalesce(${end.name}, ${start.name}) >= "${last ?? from}"` };
}
