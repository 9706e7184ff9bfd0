import type { EntityMeta, Problem } from "@superpaas/api";

/** What is wrong, sorted by where it is shown. */
export interface FormErrors {
  fields: Record<string, string>;
  /** Grid → index of the line on the screen → field → message. */
  lines: Record<string, Record<number, Record<string, string>>>;
  /** What belongs to a grid as a whole: too few lines. */
  grids: Record<string, string>;
  /** What has no place on the page. */
  others: string[];
}

export function noErrors(): FormErrors {
  return { fields: {}, lines: {}, grids: {}, others: [] };
}

const LINE = /^([a-z_][\w]*)(?:\[(\d+)\]|\.(\d+))(?:\.(.+))?$/;

/**
 * The contract's `details` by place: `due_date`, `lines[2].price`. `positions` tells where the lines that were sent
 * stand on the screen, which also has empty ones.
 */
export function sortProblems(
  entity: Pick<EntityMeta, "fields" | "lines">,
  problems: readonly Problem[],
  positions: Record<string, readonly number[]> = {},
): FormErrors {
  const errors = noErrors();
  const names = new Set(entity.fields.map((field) => field.name));
  const grids = new Map(entity.lines.map((grid) => [grid.name, grid]));
  for (const { field, message } of problems) {
    const found = LINE.exec(field);
    const grid = grids.get(found?.[1] ?? field);
    if (names.has(field)) errors.fields[field] ??= message;
    else if (grid === undefined) errors.others.push(message);
    else if (found === null) errors.grids[grid.name] ??= message;
    else {
      const sent = Number(found[2] ?? found[3]);
      const at = positions[grid.name]?.[sent] ?? sent;
      const name = found[4] ?? grid.fields[0]?.name ?? "";
      const line = ((errors.lines[grid.name] ??= {})[at] ??= {});
      line[name] ??= message;
    }
  }
  return errors;
}

export function countErrors(errors: FormErrors): number {
  const cells = Object.values(errors.lines).flatMap((lines) => Object.values(lines).map((line) => Object.keys(line).length));
  return (
    Object.keys(errors.fields).length +
    Object.keys(errors.grids).length +
    errors.others.length +
    cells.reduce((total, count) => total + count, 0)
  );
}

/** Whether anything is wrong in some fields or grids: for the mark at a tab. */
export function hasErrors(errors: FormErrors, fields: readonly string[], grids: readonly string[]): boolean {
  return fields.some((name) => name in errors.fields) || grids.some((name) => name in errors.lines || name in errors.grids);
}

/** A record without one of its names. */
export function without<T>(record: Record<string, T>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}
