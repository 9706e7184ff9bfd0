import type { FieldMeta, FilterValue, Operator } from "@superpaas/api";

/** What a condition of the builder may ask; besides the list's operators those that only expressions have. */
export type Asked = Operator | "notIn" | "empty" | "filled" | "period" | "me" | "between";

export interface Term {
  kind: "term";
  field: string;
  asked: Asked;
  /** By the operator: a value, several, the word of a period, or its two ends. */
  value: FilterValue | FilterValue[];
}

export interface Group {
  kind: "group";
  joined: "and" | "or";
  items: Node[];
}

/** A condition that a person has not built here, such as one of a view: kept as it is. */
export interface Given {
  kind: "given";
  where: unknown;
}

export type Node = Term | Group | Given;

export const NO_CONDITIONS: Group = { kind: "group", joined: "and", items: [] };

/** Periods of the expression language; those with a number are written `last_days:30`. */
export const PERIODS = [
  "today",
  "yesterday",
  "this_week",
  "last_week",
  "this_month",
  "last_month",
  "this_quarter",
  "last_quarter",
  "this_year",
  "last_year",
  "year_to_date",
  "last_days:7",
  "last_days:30",
  "last_months:3",
  "next_days:7",
  "tomorrow",
  "next_week",
  "next_month",
] as const;

const ORDER: Asked[] = [
  "contains", "starts", "period", "between", "eq", "ne", "me", "in", "notIn", "any", "all", "under", "gt", "gte", "lt", "lte", "empty", "filled",
];

/** What may be asked of a field, the most useful first. */
export function askable(field: FieldMeta): Asked[] {
  const has = new Set<Asked>(field.operators);
  const found = new Set<Asked>(field.operators.filter((operator) => operator !== "null"));
  if (has.has("null")) {
    found.add("empty");
    found.add("filled");
  }
  if (field.kind === "user" && has.has("eq")) found.add("me");
  if (has.has("in") && !field.custom) found.add("notIn");
  if (has.has("gte") && has.has("lte")) found.add("between");
  if (field.kind === "date" || field.kind === "moment") {
    if (has.has("gte")) found.add("period");
    found.delete("in");
    found.delete("notIn");
  }
  if (field.kind === "flag") {
    found.delete("in");
    found.delete("notIn");
    found.delete("ne");
  }
  // Where there is a list to choose from, "one of" says all that "is" says.
  if (field.kind === "choice" || field.kind === "dictionary" || field.kind === "currency") {
    found.delete("eq");
    found.delete("ne");
  }
  return ORDER.filter((asked) => found.has(asked));
}

/** Whether a condition needs a value, and how many. */
export function arity(asked: Asked): "none" | "one" | "two" | "many" | "period" {
  if (asked === "empty" || asked === "filled" || asked === "me") return "none";
  if (asked === "between") return "two";
  if (asked === "period") return "period";
  return asked === "in" || asked === "notIn" || asked === "any" || asked === "all" ? "many" : "one";
}

/** Whether a condition says something yet. */
export function isWhole(node: Node): boolean {
  if (node.kind === "given") return true;
  if (node.kind === "group") return node.items.some(isWhole);
  const { value } = node;
  switch (arity(node.asked)) {
    case "none":
      return true;
    case "many":
      return Array.isArray(value) && value.length > 0;
    case "two":
      return Array.isArray(value) && value.some((end) => end !== null && end !== "");
    default:
      return value !== null && value !== "" && !Array.isArray(value);
  }
}

/** The tree without what is not finished. */
export function pruned(group: Group): Group {
  const items = group.items
    .filter(isWhole)
    .map((item) => (item.kind === "group" ? pruned(item) : item))
    .filter((item) => item.kind !== "group" || item.items.length > 0);
  return { ...group, items };
}
