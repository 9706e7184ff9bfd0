import { momentOf, rounded, typed, type FieldMeta } from "@superpaas/api";

import { isNumber } from "./kinds.ts";

/** What a text means for a field. `ok: false`: the field cannot hold it. */
export type Parsed = { ok: true; value: unknown } | { ok: false };

const YES = new Set(["是", "true", "yes", "y", "1", "√", "✓", "对"]);
const NO = new Set(["否", "false", "no", "n", "0", "×", "✗", "错"]);
const NOT_PARSED = new Set(["files", "image", "json", "row_id"]);

/**
 * The value that a pasted or typed text is. References, users and departments cannot be known from text alone: their
 * text is returned under `lookup` fields by the caller.
 */
export function parseField(field: FieldMeta, text: string, zone: string): Parsed {
  const plain = text.trim();
  if (plain === "") return { ok: true, value: null };
  if (isNumber(field.kind)) return numberOf(field, plain);
  switch (field.kind) {
    case "flag": {
      const word = plain.toLowerCase();
      if (YES.has(word)) return { ok: true, value: true };
      return NO.has(word) ? { ok: true, value: false } : { ok: false };
    }
    case "date":
      return dateOf(plain);
    case "time":
      return /^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(plain) ? { ok: true, value: padded(plain) } : { ok: false };
    case "moment": {
      const moment = momentOf(plain.replaceAll("/", "-"), zone);
      return moment === null ? { ok: false } : { ok: true, value: moment };
    }
    case "choice": {
      const found = optionOf(field, plain);
      return found === undefined ? { ok: false } : { ok: true, value: found };
    }
    case "multi_choice": {
      const found = pieces(plain).map((piece) => optionOf(field, piece));
      return found.includes(undefined) ? { ok: false } : { ok: true, value: found };
    }
    case "tags":
      return { ok: true, value: pieces(plain) };
    default:
      return NOT_PARSED.has(field.kind) ? { ok: false } : { ok: true, value: field.kind === "long_text" ? text : plain };
  }
}

function numberOf(field: FieldMeta, text: string): Parsed {
  const value = typed(text, { percent: field.kind === "percent" });
  if (value === null) return { ok: false };
  if (field.kind === "integer") {
    const whole = Number(value);
    return Number.isSafeInteger(whole) ? { ok: true, value: whole } : { ok: false };
  }
  return fits(value, field.scale) ? { ok: true, value } : { ok: false };
}

/** Whether a number has no more digits than the field keeps: the service refuses, it does not round. */
export function fits(value: string, scale: number | undefined): boolean {
  if (scale === undefined) return true;
  const digits = value.split(".")[1] ?? "";
  return digits.length <= scale || rounded(value, digits.length) === padZeros(rounded(value, scale), digits.length);
}

function padZeros(value: string, digits: number): string {
  const [whole = "", fraction = ""] = value.split(".");
  return `${whole}.${fraction.padEnd(digits, "0")}`;
}

function dateOf(text: string): Parsed {
  const found = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (found === null) return { ok: false };
  const [, year = "", month = "", day = ""] = found;
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const read = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(date) ? { ok: true, value: date } : { ok: false };
}

function padded(text: string): string {
  const [hour = "0", ...rest] = text.split(":");
  return [hour.padStart(2, "0"), ...rest, ...(rest.length === 1 ? ["00"] : [])].join(":");
}

function optionOf(field: FieldMeta, text: string): string | undefined {
  const found = field.options?.find(
    ({ value, label }) => value === text || label === text || label.toLowerCase() === text.toLowerCase(),
  );
  return found?.value;
}

function pieces(text: string): string[] {
  return [...new Set(text.split(/[,，;；、\n]/).map((piece) => piece.trim()).filter((piece) => piece !== ""))];
}
