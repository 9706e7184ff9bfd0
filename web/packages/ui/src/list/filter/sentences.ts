import type { FieldMeta, FilterValue } from "@superpaas/api";

import { nodeOf } from "./read.ts";
import type { Term } from "./tree.ts";

type Translate = (key: string, named?: Record<string, unknown>) => string;

export interface Telling {
  t: Translate;
  fieldOf: (name: string) => FieldMeta | undefined;
  /** A condition that the builder knows, in words. */
  term: (term: Term) => string;
  value: (value: FilterValue, field: FieldMeta | undefined) => string;
}

interface Call {
  call: string;
  arguments: unknown[];
}

const SIGNS: Record<string, string> = { "==": "=", "!=": "≠", ">=": "≥", "<=": "≤", "*": "×", "/": "÷" };
const BETWEEN = new Set(["==", "!=", ">", ">=", "<", "<=", "+", "-", "*", "/"]);

/** An expression of any kind in words, for those that no builder has made: of views, and of figures in reports. */
export function sentenceOf(expression: unknown, telling: Telling): string {
  return told(expression, telling, false);
}

function told(expression: unknown, telling: Telling, inner: boolean): string {
  const { t } = telling;
  const node = nodeOf(expression);
  if (node?.kind === "term") return telling.term(node);
  if (!isCall(expression)) return leaf(expression, telling);
  const { call, arguments: parts } = expression;
  const each = (): string[] => parts.map((part) => told(part, telling, true));
  const around = (text: string): string => (inner ? `(${text})` : text);
  if (call === "and" || call === "or") return around(each().join(` ${t(`list.filter.${call}`)} `));
  if (call === "not") return t("list.filter.not", { what: each()[0] ?? "" });
  if (call === "is empty" || call === "is not empty") return `${each()[0] ?? ""} ${t(`list.asked.${call === "is empty" ? "empty" : "filled"}`)}`;
  if (call === "in" || call === "not in") return `${each()[0] ?? ""} ${t(`list.asked.${call === "in" ? "in" : "notIn"}`)} ${told(parts[1], telling, false)}`;
  if (call === "list") return each().join("、");
  if (call === "any") return t("list.filter.anyLine", { what: told(parts[0], telling, false) });
  if (call === "me" || call === "today" || call === "now") return t(`list.filter.${call}`);
  if (BETWEEN.has(call) && parts.length === 2) return around(compared(call, parts, telling));
  return `${call}(${each().join(", ")})`;
}

/** `state == "open"`: the value is told as the field tells its values. */
function compared(call: string, [left, right]: unknown[], telling: Telling): string {
  const field = telling.fieldOf(nameOf(left) ?? "") ?? telling.fieldOf(nameOf(right) ?? "");
  const side = (part: unknown): string => (nameOf(part) === null && !isCall(part) ? telling.value(constant(part), field) : told(part, telling, true));
  return `${side(left)} ${SIGNS[call] ?? call} ${side(right)}`;
}

function leaf(expression: unknown, { t, fieldOf, value }: Telling): string {
  const name = nameOf(expression);
  if (name !== null) return fieldOf(name)?.label ?? name;
  const plain = constant(expression);
  return plain === null || plain === "" ? t("list.asked.empty") : value(plain, undefined);
}

function isCall(value: unknown): value is Call {
  return value !== null && typeof value === "object" && "call" in value && "arguments" in value && Array.isArray(value.arguments);
}

function nameOf(value: unknown): string | null {
  return value !== null && typeof value === "object" && "field" in value && typeof value.field === "string" ? value.field : null;
}

function constant(value: unknown): FilterValue {
  const { value: plain, number } = (value ?? {}) as { value?: FilterValue; number?: string };
  return number ?? plain ?? null;
}
