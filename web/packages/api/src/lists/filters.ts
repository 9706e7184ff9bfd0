import type { Operator } from "../meta/types.ts";

export type FilterValue = string | number | boolean | null;
/** A value, several, or values by operator. */
export type Condition = FilterValue | FilterValue[] | Partial<Record<Operator, FilterValue | FilterValue[]>>;
/** The `filter` of a list; `$where` holds an expression. */
export type Filter = Record<string, Condition>;

/** As many as a service takes. */
export const MOST_CONDITIONS = 30;

export interface FilterTerm {
  field: string;
  operator: Operator;
  value: FilterValue | FilterValue[];
}

/** Conditions one by one, as the builder shows them. */
export function termsOf(filter: Filter): FilterTerm[] {
  return Object.entries(filter)
    .filter(([field]) => field !== "$where")
    .flatMap(([field, condition]) => {
      if (Array.isArray(condition)) return [{ field, operator: "in" as const, value: condition }];
      if (condition === null || typeof condition !== "object") {
        return [{ field, operator: "eq" as const, value: condition }];
      }
      return Object.entries(condition).map(([operator, value]) => ({ field, operator: operator as Operator, value }));
    });
}

/** The filter of some terms; a later term of the same field and operator counts. */
export function filterOf(terms: readonly FilterTerm[], where?: string): Filter {
  const filter: Filter = {};
  for (const { field, operator, value } of terms) {
    const operations = (filter[field] ??= {}) as Record<string, FilterValue | FilterValue[]>;
    operations[operator] = value;
  }
  if (where !== undefined && where !== "") filter["$where"] = where;
  return filter;
}

/** Both filters at once; expressions are joined by `and`. */
export function bothFilters(one: Filter, other: Filter): Filter {
  const where = [one["$where"], other["$where"]].filter((item) => typeof item === "string" && item !== "");
  const joined = where.length > 1 ? where.map((item) => `(${String(item)})`).join(" and ") : (where[0] as string);
  return filterOf([...termsOf(one), ...termsOf(other)], joined);
}

/** The filter as a list's query takes it; `undefined` when it says nothing. */
export function filterText(filter: Filter | undefined): string | undefined {
  return filter === undefined || Object.keys(filter).length === 0 ? undefined : JSON.stringify(filter);
}
