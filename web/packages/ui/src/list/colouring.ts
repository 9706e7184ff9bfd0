import { shallowRef, type Ref } from "vue";

import type { EntityMeta, Filter, Row } from "@superpaas/api";

import type { Tone } from "../fields/tones.ts";
import { rowsById } from "./useRows.ts";

export interface ColourRule {
  where: unknown;
  colour: Tone;
}

/** The colours of rows, asked of the service: it alone knows what an expression means. The first rule that holds counts. */
export function useColours(entity: EntityMeta): {
  tones: Ref<ReadonlyMap<string, Tone>>;
  colour: (rows: readonly Row[], rules: readonly ColourRule[], fresh: boolean) => Promise<void>;
} {
  const tones = shallowRef<ReadonlyMap<string, Tone>>(new Map());
  const asked = new Set<string>();

  async function colour(rows: readonly Row[], rules: readonly ColourRule[], fresh: boolean): Promise<void> {
    if (fresh) {
      asked.clear();
      // Another map draws all rows again, even an empty one.
      if (tones.value.size > 0) tones.value = new Map();
    }
    const ids = rows.map((row) => row.id).filter((id) => !asked.has(id));
    if (rules.length === 0 || ids.length === 0) return;
    for (const id of ids) asked.add(id);
    const answers = await Promise.all(rules.map(({ where }) => rowsById(entity, ids, { $where: where } as unknown as Filter)));
    const found = new Map(tones.value);
    for (const id of ids) {
      const rule = rules.find((_, place) => answers[place]?.has(id) === true);
      if (rule !== undefined) found.set(id, rule.colour);
    }
    if (found.size !== tones.value.size) tones.value = found;
  }

  return { tones, colour };
}
