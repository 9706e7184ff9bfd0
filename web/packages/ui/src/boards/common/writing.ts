import type { ApiClient, DocumentRow, EntityMeta, Row } from "@superpaas/api";

/** Change some fields of a row; what the service makes of it comes back. */
export function changeRow(api: ApiClient, entity: EntityMeta, row: Row, values: Record<string, unknown>): Promise<DocumentRow> {
  return api.patch<DocumentRow>(`${entity.path}/${encodeURIComponent(row.id)}`, { ...values, version: row["version"] });
}

/** Run an action on a row, and read what has become of it. */
export async function runAction(
  api: ApiClient,
  entity: EntityMeta,
  row: Row,
  verb: string,
  parameters: Record<string, unknown>,
): Promise<DocumentRow> {
  const path = `${entity.path}/${encodeURIComponent(row.id)}`;
  await api.post(`${path}/${encodeURIComponent(verb)}`, { ...parameters, version: row["version"] });
  return api.get<DocumentRow>(path);
}
