import type { FieldMeta, Filter, FilterValue, Operator } from "@superpaas/api";

import { isNumber } from "../../fields/kinds.ts";
import { pruned, type Group, type Node, type Term } from "./tree.ts";

/** The expression language as JSON (docs/guide/expressions.md). */
export type Expression =
  | { value: string | boolean | null }
  | { number: string }
  | { field: string }
  | { call: string; arguments: Expression[] };

type FieldOf = (name: string) => FieldMeta | undefined;

const SIGNS: Partial<Record<Term["asked"], string>> = { eq: "==", ne: "!=", gt: ">", gte: ">=", lt: "<", lte: "<=" };
const PLAIN = new Set<Term["asked"]>(["eq", "ne", "in", "gt", "gte", "lt", "lte", "contains", "starts", "under", "any", "all"]);

/**
 * The filter that a list takes. Plain conditions that must all hold become the filter's own, which use indexes and
 * know more operators; alternatives and relative dates become an expression.
 */
export function compiled(tree: Group, fieldOf: FieldOf): Filter {
  const group = pruned(tree);
  const filter: Record<string, Partial<Record<Operator, FilterValue | FilterValue[]>>> = {};
  const rest: unknown[] = [];
  const parts: Node[] = group.joined === "and" ? group.items : [group];
  for (const part of parts) {
    if (part.kind === "given") rest.push(part.where);
    else if (part.kind === "group") {
      if (part.items.length > 0) rest.push(expressionOf(part, fieldOf));
    } else {
      for (const [operator, value] of plainOf(part)) {
        const taken = (filter[part.field] ??= {});
        if (operator in taken) rest.push(expressionOf(part, fieldOf));
        else taken[operator] = value;
      }
      if (plainOf(part).length === 0) rest.push(expressionOf(part, fieldOf));
    }
  }
  const made: Record<string, unknown> = filter;
  if (rest.length > 0) made["$where"] = rest.length === 1 ? rest[0] : rest;
  return made as Filter;
}

/** A condition in the filter's own operators; nothing where it has to be an expression. */
function plainOf(term: Term): [Operator, FilterValue | FilterValue[]][] {
  const { asked, value } = term;
  if (PLAIN.has(asked)) return [[asked as Operator, value]];
  if (asked === "empty" || asked === "filled") return [["null", asked === "empty"]];
  if (asked === "between" && Array.isArray(value)) {
    const [from, to] = value;
    const ends: [Operator, FilterValue | undefined][] = [["gte", from], ["lte", to]];
    return ends.filter((end): end is [Operator, FilterValue] => end[1] !== null && end[1] !== undefined && end[1] !== "");
  }
  return [];
}

/** A condition, or several, as an expression. */
export function expressionOf(node: Node, fieldOf: FieldOf): Expression {
  if (node.kind === "given") return node.where as Expression;
  if (node.kind === "group") {
    const parts = node.items.map((item) => expressionOf(item, fieldOf));
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { call: node.joined, arguments: parts };
  }
  return termExpression(node, fieldOf(node.field));
}

function termExpression(term: Term, field: FieldMeta | undefined): Expression {
  const name: Expression = { field: term.field };
  const { asked, value } = term;
  const one = (item: FilterValue): Expression => literal(item, field);
  const call = (word: string, ...others: Expression[]): Expression => ({ call: word, arguments: [name, ...others] });
  const sign = SIGNS[asked];
  if (sign !== undefined && !Array.isArray(value)) return call(sign, one(value));
  switch (asked) {
    case "in":
    case "notIn":
      return call(asked === "in" ? "in" : "not in", { call: "list", arguments: (value as FilterValue[]).map(one) });
    case "empty":
      return call("is empty");
    case "filled":
      return call("is not empty");
    case "me":
      return call("==", { call: "me", arguments: [] });
    case "period": {
      const [word = "", count] = String(value).split(":");
      const parts: Expression[] = [{ value: word }, ...(count === undefined ? [] : [{ number: count }])];
      return call("in", { call: "period", arguments: parts });
    }
    case "between": {
      const ends = plainOf(term).map(([operator, end]): Expression => call(SIGNS[operator] ?? "==", one(end as FilterValue)));
      return ends.length === 1 && ends[0] !== undefined ? ends[0] : { call: "and", arguments: ends };
    }
    default:
      return call(asked, one(Array.isArray(value) ? (value[0] ?? null) : value));
  }
}

function literal(value: FilterValue, field: FieldMeta | undefined): Expression {
  if (typeof value === "number") return { number: String(value) };
  if (typeof value === "string" && field !== undefined && isNumber(field.kind)) return { number: value };
  return { value: value as string | boolean | null };
}
