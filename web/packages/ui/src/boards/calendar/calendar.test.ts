import { describe, expect, it } from "vitest";

import type { EntityMeta, FieldMeta, Row } from "@superpaas/api";

import { dayAfter, valueOf, withinDays } from "../common/days.ts";
import { dayText, spanOf, taskOf } from "../gantt/tasks.ts";
import { eventOf } from "./events.ts";

const ZONE = "Asia/Shanghai";
const day = (name: string, readonly = false) => ({ name, kind: "date", readonly }) as FieldMeta;
const moment = (name: string) => ({ name, kind: "moment", readonly: false }) as FieldMeta;
const entity = { kind: "document", permissions: ["update"], title: "name", states: [] } as unknown as EntityMeta;
const row = (values: Record<string, unknown>) => ({ id: "1", name: "合同", ...values }) as Row;

describe("days", () => {
  it("of a span end on the day after the last", () => {
    const event = eventOf(entity, row({ a: "2026-02-27", b: "2026-02-28" }), day("a"), day("b"), [], "zh-CN", { zone: ZONE });
    expect(event).toMatchObject({ title: "合同", start: "2026-02-27", end: "2026-03-01", allDay: true, editable: true });
    expect(eventOf(entity, row({ a: null }), day("a"), undefined, [], "zh-CN", { zone: ZONE })).toBeNull();
    expect(dayAfter("2026-01-01", -1)).toBe("2025-12-31");
  });

  it("are those of the tenant's clocks, there and back", () => {
    const event = eventOf(entity, row({ a: "2026-03-05T22:30:00Z" }), moment("a"), undefined, [], "zh-CN", { zone: ZONE });
    expect(event).toMatchObject({ start: "2026-03-06T06:30", allDay: false });
    expect(valueOf(moment("a"), "2026-03-06T06:30", ZONE)).toBe("2026-03-05T22:30:00Z");
    expect(valueOf(day("a"), "2026-03-06T00:00:00Z", ZONE)).toBe("2026-03-06");
  });

  it("are asked for with what reaches into them", () => {
    expect(withinDays(day("a"), undefined, "2026-03-01", "2026-04-01", ZONE)).toEqual({ a: { gte: "2026-03-01", lt: "2026-04-01" } });
    expect(withinDays(moment("a"), undefined, "2026-03-01", "2026-04-01", ZONE)).toEqual({
      a: { gte: "2026-02-28T16:00:00Z", lt: "2026-03-31T16:00:00Z" },
    });
    expect(withinDays(day("a"), day("b"), "2026-03-01", "2026-04-01", ZONE)).toEqual({
      $where: 'a < "2026-04-01" and coalesce(b, a) >= "2026-03-01"',
    });
  });

  it("make no bar when they are missing or the wrong way round", () => {
    const bar = (values: Record<string, unknown>) => taskOf(entity, row(values), day("a"), day("b", true), [], "zh-CN", ZONE);
    expect(bar({ a: "2026-03-01", b: "2026-03-01" })).toMatchObject({ days: 1, readonly: true });
    expect(bar({ a: "2026-03-02", b: "2026-03-01" })).toBeNull();
    expect(bar({ a: "2026-03-02" })).toBeNull();
  });

  it("have room on both sides of the outermost bars", () => {
    const bar = taskOf(entity, row({ a: "2026-03-10", b: "2026-03-20" }), day("a"), day("b"), [], "zh-CN", ZONE);
    const span = spanOf(bar === null ? [] : [bar], "day");
    expect([span?.from, span?.to].map((at) => at && dayText(at))).toEqual(["2026-02-24", "2026-04-04"]);
    expect(spanOf([], "day")).toBeNull();
  });
});
