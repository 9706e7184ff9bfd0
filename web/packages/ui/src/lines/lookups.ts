import { cellOf, entityByKey, listPage, titleOf, type ApiClient, type FieldMeta, type Row, type useMetadata } from "@superpaas/api";

/** Fields by which people name rows in spreadsheets. */
const NAMES = ["code", "number", "name", "barcode", "username"];

export interface Found {
  id: string;
  label: string;
}

/** The row that a pasted text names: by a code, number or title that is exactly it, and only where that is one row. */
export async function lookUp(
  api: ApiClient,
  metadata: ReturnType<typeof useMetadata>,
  field: FieldMeta,
  text: string,
): Promise<Found | null> {
  if (field.kind === "user" || field.kind === "department") return null;
  if (field.to === undefined) return null;
  const meta = await metadata.load(cellOf(field.to));
  const target = entityByKey(meta, field.to);
  if (target === undefined) return null;
  const { items } = await listPage<Row>(api, target.path, { q: text, limit: 20 });
  return choose(items, [target.title, ...NAMES], text, (row) => titleOf(target, row));
}

/** The one row among those found that is meant. */
export function choose(
  rows: readonly Row[],
  names: readonly string[],
  text: string,
  label: (row: Row) => string,
): Found | null {
  const wanted = text.trim().toLowerCase();
  for (const name of names) {
    const exact = rows.filter((row) => String(row[name] ?? "").toLowerCase() === wanted);
    const [only] = exact;
    if (exact.length === 1 && only !== undefined) return { id: only.id, label: label(only) };
    if (exact.length > 1) return null;
  }
  const [single] = rows;
  return rows.length === 1 && single !== undefined ? { id: single.id, label: label(single) } : null;
}
