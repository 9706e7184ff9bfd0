import type { FieldMeta } from "@superpaas/api";

import type { FieldContext } from "../context.ts";

/** What every input is given. */
export interface InputProps {
  field: FieldMeta;
  row: Readonly<Record<string, unknown>>;
  cell: string;
  context: FieldContext;
  disabled: boolean;
  compact: boolean;
  wrong: boolean;
}
