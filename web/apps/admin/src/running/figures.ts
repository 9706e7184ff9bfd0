/** Measurements as texts. They are measured, not accounted: numbers will do, which money never is. */

const SIZES = ["B", "KB", "MB", "GB", "TB"] as const;
const NOTHING = "–";

export function rateText(perSecond: number | null | undefined): string {
  if (perSecond === null || perSecond === undefined) return NOTHING;
  if (perSecond === 0) return "0/s";
  if (perSecond * 60 < 0.1) return `${short(perSecond * 3600, 1)}/h`;
  return perSecond < 0.1 ? `${short(perSecond * 60, 1)}/min` : `${short(perSecond, perSecond < 10 ? 2 : 0)}/s`;
}

/** A share: `0.0123` → `1.2%`; what is more than nothing never reads as nothing. */
export function shareText(share: number | null | undefined): string {
  if (share === null || share === undefined) return NOTHING;
  if (share > 0 && share < 0.0005) return "<0.1%";
  return `${short(share * 100, 1)}%`;
}

export function millisText(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return NOTHING;
  if (ms >= 60_000) return `${short(ms / 60_000, 1)} min`;
  if (ms >= 1000) return `${short(ms / 1000, 2)} s`;
  return `${short(ms, ms < 10 ? 1 : 0)} ms`;
}

export function bytesText(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return NOTHING;
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < SIZES.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${short(size, unit === 0 || size >= 100 ? 0 : 1)} ${SIZES[unit] ?? ""}`;
}

export function countText(value: number | null | undefined): string {
  if (value === null || value === undefined) return NOTHING;
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A span of time in its two greatest units: `3 天 2 小时`, `3d 2h`. */
export function spanText(seconds: number | null | undefined, language: string): string {
  if (seconds === null || seconds === undefined) return NOTHING;
  const units = language.startsWith("en") ? ["d", "h", "min", "s"] : ["天", "小时", "分", "秒"];
  const whole = Math.max(0, Math.round(seconds));
  const amounts = [Math.floor(whole / 86_400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60, whole % 60];
  const first = amounts.findIndex((amount) => amount > 0);
  if (first < 0) return `0 ${units[3] ?? ""}`;
  return amounts
    .map((amount, place) => ({ amount, unit: units[place] ?? "", place }))
    .filter(({ amount, place }) => amount > 0 && place >= first && place <= first + 1)
    .map(({ amount, unit }) => `${amount} ${unit}`)
    .join(" ");
}

/** Seconds since a moment. */
export function since(moment: string | null | undefined, now: number): number | null {
  if (moment === null || moment === undefined) return null;
  const at = Date.parse(moment);
  return Number.isNaN(at) ? null : Math.max(0, (now - at) / 1000);
}

function short(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.0+$/, "").replace(/(\.\d*?)0+$/, "$1");
}
