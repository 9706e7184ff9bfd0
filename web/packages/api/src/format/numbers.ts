import Decimal from "decimal.js-light";

Decimal.config({ precision: 60, toExpNeg: -100, toExpPos: 100, rounding: Decimal.ROUND_HALF_UP });

/** Decimal text as JSON carries it; numbers of JavaScript never hold money or quantities. */
export type DecimalText = string;

const TEXT = /^-?\d+(\.\d+)?$/;

/** Whether a text is a plain decimal number. */
export function isDecimal(text: unknown): text is DecimalText {
  return typeof text === "string" && TEXT.test(text);
}

/** A number to compute with; what is no number counts as nothing. */
export function decimal(text: unknown): Decimal | null {
  if (typeof text === "number" && Number.isSafeInteger(text)) return new Decimal(text);
  return isDecimal(text) ? new Decimal(text) : null;
}

/** The sum of those that are numbers. */
export function sum(texts: Iterable<unknown>): DecimalText {
  let total = new Decimal(0);
  for (const text of texts) {
    const value = decimal(text);
    if (value !== null) total = total.plus(value);
  }
  return total.toString();
}

/** `-1`, `0` or `1`; what is no number comes first. */
export function compare(one: unknown, other: unknown): number {
  const [left, right] = [decimal(one), decimal(other)];
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  return left.comparedTo(right);
}

/** Exactly so many digits after the point, rounded half up. */
export function rounded(text: DecimalText, scale: number): DecimalText {
  return new Decimal(text).toFixed(scale, Decimal.ROUND_HALF_UP);
}

/** `1234567.80` → `1,234,567.80`. `scale` pads and rounds; `least` keeps at least so many digits after the point. */
export function grouped(text: unknown, options: { scale?: number; least?: number } = {}): string {
  const value = decimal(text);
  if (value === null) return "";
  const plain = options.scale === undefined ? value.toString() : value.toFixed(options.scale, Decimal.ROUND_HALF_UP);
  const [whole = "", fraction = ""] = plain.split(".");
  const digits = options.least === undefined ? fraction : trimmed(fraction, options.least);
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (digits === "" ? "" : `.${digits}`);
}

/** `0.155` → `15.5%`. */
export function percentText(text: unknown): string {
  const value = decimal(text);
  return value === null ? "" : `${value.times(100).toString()}%`;
}

/** What a person has typed or pasted (`1,234.5`, `１２`, `15%` for shares) as decimal text; `null` when it is none. */
export function typed(text: string, options: { percent?: boolean } = {}): DecimalText | null {
  const narrow = text
    .normalize("NFKC")
    .replace(/[\s,¥$€£]/g, "")
    .replace(/^\+/, "");
  const share = narrow.endsWith("%");
  const bare = (share ? narrow.slice(0, -1) : narrow).replace(/^(-?)\./, "$10.").replace(/\.$/, "");
  if (!TEXT.test(bare)) return null;
  if (share && options.percent !== true) return null;
  return (share ? new Decimal(bare).dividedBy(100) : new Decimal(bare)).toString();
}

function trimmed(fraction: string, least: number): string {
  const cut = fraction.replace(/0+$/, "");
  return cut.length >= least ? cut : fraction.padEnd(least, "0").slice(0, least);
}
