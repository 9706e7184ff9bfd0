/** What can be given on one entity, as the cell's `_permissions/matrix` tells it. */
export interface EntityRights {
  key: string;
  label: string;
  /** One of the kit's own parts. */
  kit: boolean;
  scoped: boolean;
  /** With the words of the cell itself, in the page's language. */
  permissions: { permission: string; label: string }[];
  fields: { key: string; label: string; kind: string; mask: string | null; readonly?: boolean }[];
}
