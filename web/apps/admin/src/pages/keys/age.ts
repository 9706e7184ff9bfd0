/** Whole days since a moment; `null` for one that is not known. */
export function ageInDays(moment: string | null, now: number = Date.now()): number | null {
  const at = moment === null ? Number.NaN : Date.parse(moment);
  return Number.isNaN(at) ? null : Math.max(0, Math.floor((now - at) / 86_400_000));
}

/** As long as a new key has to be published before the gateway surely knows it. */
const PUBLISH_MS = 10 * 60_000;

/** Whether the next key was made too short a while ago for turning to it without a risk. */
export function isYoung(created: string, now: number = Date.now()): boolean {
  return now - Date.parse(created) < PUBLISH_MS;
}
