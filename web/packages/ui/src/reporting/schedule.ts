/** When a report is delivered, in words that people choose from; kept as a cron line. */
export interface Schedule {
  every: "day" | "workday" | "week" | "month";
  /** 1 (Monday) to 7. */
  weekday: number;
  /** 1 to 28: days that every month has. */
  day: number;
  /** `09:00`. */
  time: string;
}

export const USUAL: Schedule = { every: "week", weekday: 1, day: 1, time: "09:00" };

/** `0 9 * * 1`. */
export function cronOf({ every, weekday, day, time }: Schedule): string {
  const [hour = "9", minute = "0"] = time.split(":");
  const clock = `${Number(minute).toString()} ${Number(hour).toString()}`;
  switch (every) {
    case "day":
      return `${clock} * * *`;
    case "workday":
      return `${clock} * * 1-5`;
    case "week":
      return `${clock} * * ${(weekday % 7).toString()}`;
    case "month":
      return `${clock} ${day.toString()} * *`;
  }
}

/** What a cron line says in these words; `null` for one that says something else. */
export function scheduleOf(cron: string): Schedule | null {
  const found = /^(\d{1,2}) (\d{1,2}) (\*|\d{1,2}) \* (\*|1-5|[0-7])$/.exec(cron.trim());
  if (found === null) return null;
  const [, minute = "0", hour = "9", day = "*", weekday = "*"] = found;
  const time = `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`;
  if (day !== "*") return weekday === "*" ? { ...USUAL, every: "month", day: Number(day), time } : null;
  if (weekday === "*") return { ...USUAL, every: "day", time };
  if (weekday === "1-5") return { ...USUAL, every: "workday", time };
  return { ...USUAL, every: "week", weekday: Number(weekday) % 7 === 0 ? 7 : Number(weekday), time };
}
