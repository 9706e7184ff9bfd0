import {
  cellOf,
  entityByKey,
  listPage,
  titleOf,
  type ApiClient,
  type EntityMeta,
  type FieldMeta,
  type Row,
  type useMetadata,
} from "@superpaas/api";

import { labelName } from "../../fields/labels.ts";
import { linesOf } from "./model.ts";

/** As many ids as one request takes. */
const MOST_IDS = 100;

/**
 * The texts of the references in a row's lines, where the service has not given them: asked for once for each entity,
 * and not at all where the reader may not see it.
 */
export async function lineLabels(
  api: ApiClient,
  metadata: ReturnType<typeof useMetadata>,
  entity: EntityMeta,
  row: Row,
): Promise<void> {
  const wanted = new Map<string, Set<string>>();
  const places: { line: Record<string, unknown>; field: FieldMeta }[] = [];
  for (const grid of entity.lines) {
    const lines = linesOf(row, grid.name);
    row[grid.name] = lines;
    for (const field of grid.fields) {
      if (field.to === undefined || (field.kind !== "reference" && field.kind !== "parent")) continue;
      for (const line of lines) {
        const id = line[field.name];
        if (typeof id !== "string" || line[labelName(field)] !== undefined) continue;
        (wanted.get(field.to) ?? wanted.set(field.to, new Set()).get(field.to))?.add(id);
        places.push({ line, field });
      }
    }
  }
  const found = new Map<string, string>();
  await Promise.all(
    [...wanted].map(async ([key, ids]) => {
      const meta = await metadata.load(cellOf(key)).catch(() => null);
      const target = meta === null ? undefined : entityByKey(meta, key);
      if (target === undefined) return;
      const all = [...ids];
      for (let start = 0; start < all.length; start += MOST_IDS) {
        const part = all.slice(start, start + MOST_IDS);
        const filter = { id: { in: part } };
        const page = await listPage<Row>(api, target.path, { filter, limit: MOST_IDS }).catch(() => null);
        for (const item of page?.items ?? []) found.set(item.id, titleOf(target, item));
      }
    }),
  );
  for (const { line, field } of places) {
    const label = found.get(String(line[field.name]));
    if (label !== undefined) line[labelName(field)] = label;
  }
}
