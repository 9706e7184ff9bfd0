const formatters = new Map<string, Intl.DateTimeFormat>();

/** Parts of a moment on the clocks of a zone. */
export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** The clock of a zone at a moment. */
export function localTime(moment: string | Date, zone: string): LocalTime | null {
  const at = typeof moment === "string" ? new Date(moment) : moment;
  if (Number.isNaN(at.getTime())) return null;
  const parts = Object.fromEntries(formatter(zone).formatToParts(at).map((part) => [part.type, Number(part.value)]));
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  return { year, month, day, hour, minute, second };
}

/** `2026-03-05 14:30`, in the zone. */
export function momentText(moment: unknown, zone: string, options: { seconds?: boolean } = {}): string {
  if (typeof moment !== "string") return "";
  const time = localTime(moment, zone);
  if (time === null) return "";
  const clock = [time.hour, time.minute, ...(options.seconds === true ? [time.second] : [])];
  return `${dateText(time)} ${clock.map(two).join(":")}`;
}

/** The moment (UTC, RFC 3339) that `2026-03-05 14:30` is in a zone; `null` for what is no time. */
export function momentOf(text: string, zone: string): string | null {
  const found = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(text.trim());
  if (found === null) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((part: string | undefined) => (part === undefined ? 0 : Number(part)));
  const wanted = Date.UTC(year, month - 1, day, hour, minute, second);
  if (new Date(wanted).getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) return null;
  // The offset at the guess may be another one than at the answer (summer time); the second round settles it.
  let at = wanted;
  for (let round = 0; round < 2; round += 1) at = wanted - offset(new Date(at), zone);
  return new Date(at).toISOString().replace(".000Z", "Z");
}

/** The day (`2026-03-05`) that it is in a zone. */
export function today(zone: string, now: Date = new Date()): string {
  const time = localTime(now, zone);
  return time === null ? "" : dateText(time);
}

function offset(at: Date, zone: string): number {
  const time = localTime(at, zone);
  if (time === null) return 0;
  const shown = Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second);
  return shown - Math.floor(at.getTime() / 1000) * 1000;
}

function formatter(zone: string): Intl.DateTimeFormat {
  let found = formatters.get(zone);
  if (found === undefined) {
    found = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formatters.set(zone, found);
  }
  return found;
}

function dateText(time: LocalTime): string {
  return `${String(time.year).padStart(4, "0")}-${two(time.month)}-${two(time.day)}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
