import type { EntityMeta, FieldKind, FieldMeta } from "@superpaas/api";

/** A field for tests. */
export function field(name: string, kind: FieldKind, more: Partial<FieldMeta> = {}): FieldMeta {
  return {
    name,
    kind,
    label: name,
    required: false,
    readonly: false,
    list: true,
    search: false,
    index: false,
    unique: false,
    help: null,
    custom: false,
    computed: false,
    operators: ["eq", "ne", "in", "null", "gt", "gte", "lt", "lte"],
    default: null,
    ...more,
  };
}

/** An entity for tests. */
export function entity(fields: FieldMeta[], more: Partial<EntityMeta> = {}): EntityMeta {
  return {
    key: "erp.order",
    kind: "document",
    kit: false,
    label: "Order",
    path: "/api/v1/erp/orders",
    title: "number",
    permissions: ["read", "create", "update", "delete"],
    fields,
    lines: [],
    sortable: ["number"],
    standard_fields: { number: "n", state: "s" },
    states: [
      { key: "draft", label: "Draft", editable: true, deletable: true },
      { key: "confirmed", label: "Confirmed", editable: false, deletable: false },
    ],
    actions: [],
    ...more,
  };
}
