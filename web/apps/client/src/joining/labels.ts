import { cellOf, entityByKey, listPage, titleOf, useMetadata, type ApiClient, type EntityMeta, type FieldMeta, type Row } from "@superpaas/api";
import { labelName } from "@superpaas/ui/fields";

type Values = Record<string, unknown>;

interface Place {
  values: Values;
  field: FieldMeta;
}

/** As many ids as one request takes. */
const MOST_IDS = 100;

/** The references of a row and its lines that are shown by an id only, because the answer carries no text for them. */
export function unlabelled(entity: Pick<EntityMeta, "fields" | "lines">, row: Values): Place[] {
  const grids = entity.lines.flatMap((grid) => {
    const rows = row[grid.name];
    return Array.isArray(rows) ? (rows as Values[]).map((values) => ({ values, fields: grid.fields })) : [];
  });
  return [{ values: row, fields: entity.fields }, ...grids].flatMap(({ values, fields }) =>
    fields
      .filter((field) => field.kind === "reference" || field.kind === "parent")
      .filter((field) => typeof values[field.name] === "string" && typeof values[labelName(field)] !== "string")
      .map((field) => ({ values, field })),
  );
}

/** Put the texts of a row's references beside them; what the reader may not see stays an id. */
export async function addLabels(api: ApiClient, entity: EntityMeta, row: Values): Promise<void> {
  const metadata = useMetadata();
  const places = unlabelled(entity, row);
  const wanted = new Map<string, Set<string>>();
  for (const { values, field } of places) {
    const ids = wanted.get(field.to ?? "") ?? new Set<string>();
    wanted.set(field.to ?? "", ids.add(String(values[field.name])));
  }
  const titles = new Map<string, string>();
  await Promise.all(
    [...wanted].map(async ([key, ids]) => {
      const meta = await metadata.load(cellOf(key)).catch(() => null);
      const target = meta === null ? undefined : entityByKey(meta, key);
      if (target === undefined) return;
      const filter = { id: { in: [...ids].slice(0, MOST_IDS) } };
      const page = await listPage<Row>(api, target.path, { filter, limit: MOST_IDS }).catch(() => null);
      for (const item of page?.items ?? []) titles.set(item.id, titleOf(target, item));
    }),
  );
  for (const { values, field } of places) {
    const title = titles.get(String(values[field.name]));
    if (title !== undefined) values[labelName(field)] = title;
  }
}
