import type { Filter } from "@superpaas/api";

/** Filters that must all hold, as one. Expressions may be text or JSON; conditions on one field are put together. */
export function allOf(...filters: (Filter | undefined)[]): Filter {
  const made: Record<string, Record<string, unknown>> = {};
  const wheres: unknown[] = [];
  for (const filter of filters) {
    for (const [field, condition] of Object.entries((filter ?? {}) as Record<string, unknown>)) {
      if (field === "$where") wheres.push(...(Array.isArray(condition) ? (condition as unknown[]) : [condition]));
      else join(made, wheres, field, operatorsOf(condition));
    }
  }
  const found: Record<string, unknown> = { ...made };
  if (wheres.length > 0) found["$where"] = wheres.length === 1 ? wheres[0] : wheres;
  return found as Filter;
}

const SIGNS: Record<string, string> = { eq: "==", ne: "!=", gt: ">", gte: ">=", lt: "<", lte: "<=", contains: "contains", starts: "starts" };

/** A second condition of the same operator becomes an expression: both have to hold. */
function join(made: Record<string, Record<string, unknown>>, wheres: unknown[], field: string, operators: Record<string, unknown>): void {
  const taken = (made[field] ??= {});
  for (const [operator, value] of Object.entries(operators)) {
    if (!(operator in taken)) taken[operator] = value;
    else if (JSON.stringify(taken[operator]) === JSON.stringify(value)) continue;
    else if (operator === "in" && Array.isArray(value) && Array.isArray(taken["in"])) {
      taken["in"] = (taken["in"] as unknown[]).filter((item) => value.includes(item));
    } else if (SIGNS[operator] !== undefined) {
      wheres.push({ call: SIGNS[operator], arguments: [{ field }, typeof value === "number" ? { number: String(value) } : { value }] });
    } else taken[operator] = value;
  }
}

function operatorsOf(condition: unknown): Record<string, unknown> {
  if (Array.isArray(condition)) return { in: condition as unknown[] };
  if (condition !== null && typeof condition === "object") return condition as Record<string, unknown>;
  return { eq: condition };
}
