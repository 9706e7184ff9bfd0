import { ApiError } from "@superpaas/api";

/** What is wrong, by field; what names none of the known fields is under "". */
export function problemsByField(error: unknown, fields: readonly string[]): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  const found: Record<string, string> = {};
  for (const { field, message } of error.problems) {
    const known = fields.find((name) => field === name || field.startsWith(`${name}.`) || field.startsWith(`${name}[`)) ?? "";
    found[known] = found[known] === undefined ? message : `${found[known]}；${message}`;
  }
  return found;
}

/** Whether all that the error says is shown beside fields, so that no toast is needed. */
export function isShownBeside(problems: Record<string, string>): boolean {
  return Object.keys(problems).length > 0 && problems[""] === undefined;
}
