import type { ApiError } from "./errors.ts";

/** How often one request is sent again by itself. */
export const MOST_REPEATS = 2;
/** Nobody should look at a spinner for longer than this before being told. */
const LONGEST_WAIT_MS = 5000;
const NOT_ANSWERED = new Set(["NETWORK", "UNAVAILABLE", "CELL_TIMEOUT", "CELL_UNREACHABLE", "REQUEST_TIMEOUT"]);

/**
 * Milliseconds to wait before a request is repeated, or `null` when it is not.
 *
 * A repeated write carries the same `X-Request-ID`, for which the services answer only once; so repeating is safe.
 * A cell that is stopped on purpose is not asked again: its page says so at once.
 */
export function waitBefore(error: ApiError, repeats: number, random: () => number = Math.random): number | null {
  if (repeats >= MOST_REPEATS) return null;
  if (error.status === 429) {
    const asked = (error.retryAfter ?? 1) * 1000;
    return asked <= LONGEST_WAIT_MS ? asked + random() * 250 : null;
  }
  if (!NOT_ANSWERED.has(error.code)) return null;
  return 300 * 2 ** repeats * (0.75 + random() / 2);
}
