import { termsOf, type Filter, type FilterValue } from "@superpaas/api";

import type { Asked, Group, Node, Term } from "./tree.ts";

type Json = Record<string, unknown>;

const ASKED: Record<string, Asked> = { "==": "eq", "!=": "ne", ">": "gt", ">=": "gte", "<": "lt", "<=": "lte", contains: "contains", starts: "starts" };

/** A saved filter as the builder's tree; parts that it has not made itself are kept as they are. */
export function treeOfFilter(filter: Filter | undefined, where?: unknown): Group {
  const items: Node[] = [];
  for (const { field, operator, value } of termsOf(filter ?? {})) {
    items.push(operator === "null" ? term(field, value === true ? "empty" : "filled", null) : term(field, operator, value));
  }
  const wheres = [(filter as Json | undefined)?.["$where"], where].flat().filter((one) => one !== undefined && one !== null && one !== "");
  for (const one of wheres.flatMap(allParts)) items.push(nodeOf(one) ?? { kind: "given", where: one });
  return { kind: "group", joined: "and", items: joinedRanges(items) };
}

/** Conditions that must all hold are conditions of their own: each can be taken away. */
function allParts(where: unknown): unknown[] {
  const call = callOf(where);
  return call?.name === "and" ? call.parts.flatMap(allParts) : [where];
}

/** Two ends of one field are one condition for a person. */
function joinedRanges(items: Node[]): Node[] {
  const found: Node[] = [];
  for (const item of items) {
    const lower = item.kind === "term" && item.asked === "lte" ? found.findIndex((one) => one.kind === "term" && one.field === item.field && one.asked === "gte") : -1;
    const from = found[lower];
    if (item.kind === "term" && from?.kind === "term") {
      found[lower] = term(item.field, "between", [from.value as FilterValue, item.value as FilterValue]);
    } else found.push(item);
  }
  return found;
}

/** An expression in JSON as the builder makes them; `null` for any other. */
export function nodeOf(expression: unknown): Node | null {
  const call = callOf(expression);
  if (call === null) return null;
  if (call.name === "and" || call.name === "or") {
    const items = call.parts.map(nodeOf);
    if (items.includes(null)) return null;
    return { kind: "group", joined: call.name, items: items as Node[] };
  }
  const field = (call.parts[0] as Json | undefined)?.["field"];
  return typeof field === "string" ? termOf(field, call.name, call.parts[1]) : null;
}

function termOf(field: string, name: string, other: unknown): Term | null {
  if (name === "is empty") return term(field, "empty", null);
  if (name === "is not empty") return term(field, "filled", null);
  const inner = callOf(other);
  if (name === "in" && inner?.name === "period") {
    const [word, count] = inner.parts as Json[];
    return term(field, "period", [word?.["value"], count?.["number"]].filter((part) => part !== undefined).join(":"));
  }
  if ((name === "in" || name === "not in") && inner?.name === "list") {
    return term(field, name === "in" ? "in" : "notIn", inner.parts.map(constant));
  }
  if (name === "==" && inner?.name === "me") return term(field, "me", null);
  const asked = ASKED[name];
  if (asked === undefined || inner !== null) return null;
  return term(field, asked, constant(other));
}

function callOf(value: unknown): { name: string; parts: unknown[] } | null {
  if (value === null || typeof value !== "object") return null;
  const { call, arguments: parts } = value as Json;
  return typeof call === "string" && Array.isArray(parts) ? { name: call, parts } : null;
}

function constant(value: unknown): FilterValue {
  const { value: plain, number } = (value ?? {}) as { value?: FilterValue; number?: string };
  return number ?? plain ?? null;
}

function term(field: string, asked: Asked, value: FilterValue | FilterValue[]): Term {
  return { kind: "term", field, asked, value };
}
