import type { Span } from "./types.ts";

/** Where nothing ran for long: cut out of the picture, and told. */
export interface Break {
  /** Per cent of the width. */
  at: number;
  millis: number;
}

export interface Scale {
  /** From milliseconds since the beginning to per cent of the width. */
  place: (ms: number) => number;
  breaks: Break[];
  total: number;
}

interface Busy {
  begin: number;
  end: number;
}

/** A gap is cut when it is longer than this share of the time in which something ran. */
const LONG_SHARE = 0.5;
const LEAST_CUT_MS = 50;
/** What is left of a cut gap, as a share of the busy time. */
const LEFT_SHARE = 0.06;

/**
 * A scale on which the spans can be seen: an event may be delivered minutes after its request has been answered, and
 * would make a hairline of everything else.
 */
export function scaleOf(spans: readonly Pick<Span, "offset_ms" | "duration_ms">[]): Scale {
  const busy = merged(spans.map((span) => ({ begin: span.offset_ms, end: span.offset_ms + (span.duration_ms ?? 0) })));
  const active = Math.max(1, busy.reduce((sum, item) => sum + item.end - item.begin, 0));
  const stops: { ms: number; drawn: number }[] = [];
  const cuts: { drawn: number; millis: number }[] = [];
  let drawn = 0;
  let before = 0;
  for (const { begin, end } of busy) {
    const gap = begin - before;
    const cut = gap > LEAST_CUT_MS && gap > active * LONG_SHARE;
    const left = cut ? active * LEFT_SHARE : gap;
    if (cut) cuts.push({ drawn: drawn + left / 2, millis: gap });
    drawn += left;
    stops.push({ ms: begin, drawn });
    drawn += end - begin;
    stops.push({ ms: end, drawn });
    before = end;
  }
  const width = Math.max(drawn, 1);
  return {
    place: (ms) => (between(stops, ms) / width) * 100,
    breaks: cuts.map((cut) => ({ at: (cut.drawn / width) * 100, millis: cut.millis })),
    total: before,
  };
}

function merged(all: readonly Busy[]): Busy[] {
  const busy: Busy[] = [];
  for (const item of [...all].sort((one, other) => one.begin - other.begin)) {
    const last = busy.at(-1);
    if (last !== undefined && item.begin <= last.end) last.end = Math.max(last.end, item.end);
    else busy.push({ ...item });
  }
  return busy;
}

function between(stops: readonly { ms: number; drawn: number }[], ms: number): number {
  let low = { ms: 0, drawn: 0 };
  for (const stop of stops) {
    if (ms <= stop.ms) {
      const span = stop.ms - low.ms;
      return span === 0 ? stop.drawn : low.drawn + ((ms - low.ms) / span) * (stop.drawn - low.drawn);
    }
    low = stop;
  }
  return low.drawn;
}
