import Decimal from "decimal.js-light";

const GIB = new Decimal(1024).pow(3);
/** What a number in JSON carries exactly, and the service takes. */
const MOST_BYTES = new Decimal(2).pow(53).minus(1);

/** `"10"` GiB as bytes; `null` for none, `undefined` for what is no size. */
export function bytesOf(text: string): number | null | undefined {
  const given = text.trim();
  if (given === "") return null;
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(given)) return undefined;
  const bytes = new Decimal(given).times(GIB).toDecimalPlaces(0);
  return bytes.lessThan(1) || bytes.greaterThan(MOST_BYTES) ? undefined : bytes.toNumber();
}

/** Bytes as GiB, for editing. */
export function gibText(bytes: number | null): string {
  return bytes === null ? "" : new Decimal(bytes).dividedBy(GIB).toDecimalPlaces(6).toString();
}
