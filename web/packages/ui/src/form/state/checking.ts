import type { EntityMeta, FieldMeta } from "@superpaas/api";

import { countErrors, noErrors, type FormErrors } from "./errors.ts";
import { linesOf, sentPositions, writable, type Draft } from "./model.ts";
import { isEmpty } from "./values.ts";

/** The words of the checks, in the reader's language. */
export interface CheckWords {
  required: (label: string) => string;
  tooFew: (label: string, least: number) => string;
  tooMany: (label: string, most: number) => string;
}

/**
 * What the page itself can tell before anything is sent: what is missing. All else is the service's to say, which is
 * asked every time; `null` when nothing is missing.
 */
export function missing(
  entity: Pick<EntityMeta, "fields" | "lines">,
  draft: Draft,
  words: CheckWords,
  isNew = true,
): FormErrors | null {
  const errors = noErrors();
  for (const field of writable(entity.fields)) {
    if (lacks(field, draft[field.name], isNew)) errors.fields[field.name] = words.required(field.label);
  }
  for (const grid of entity.lines) {
    if (grid.readonly) continue;
    const lines = linesOf(draft, grid.name);
    const sent = sentPositions(grid, lines);
    if (sent.length < grid.min) errors.grids[grid.name] = words.tooFew(grid.label, grid.min);
    if (sent.length > grid.max) errors.grids[grid.name] = words.tooMany(grid.label, grid.max);
    for (const index of sent) {
      for (const field of writable(grid.fields)) {
        const line = lines[index];
        if (line === undefined || !lacks(field, line[field.name], line.id === undefined)) continue;
        ((errors.lines[grid.name] ??= {})[index] ??= {})[field.name] = words.required(field.label);
      }
    }
  }
  return countErrors(errors) === 0 ? null : errors;
}

function lacks(field: FieldMeta, value: unknown, isNew: boolean): boolean {
  if (!field.required || !isEmpty(value)) return false;
  // What is not shown of a stored secret is there all the same.
  return isNew || field.kind !== "secret";
}
