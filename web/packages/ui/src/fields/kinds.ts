import type { EntityMeta, FieldKind, FieldMeta, Operator } from "@superpaas/api";

/** Where a value stands in its column. */
export type Align = "left" | "right" | "center";

const NUMBERS = new Set<FieldKind>(["integer", "decimal", "money", "price", "quantity", "percent"]);
const LISTS = new Set<FieldKind>(["multi_choice", "tags", "files"]);
const LINKS = new Set<FieldKind>(["reference", "parent", "external_reference"]);
const WIDTHS: Partial<Record<FieldKind, number>> = {
  integer: 100,
  decimal: 120,
  money: 130,
  price: 120,
  quantity: 120,
  percent: 100,
  flag: 84,
  date: 116,
  time: 96,
  moment: 156,
  choice: 110,
  dictionary: 120,
  currency: 90,
  user: 110,
  department: 130,
  reference: 190,
  parent: 170,
  external_reference: 170,
  long_text: 240,
  tags: 160,
  multi_choice: 160,
  files: 160,
  image: 90,
};

/** Standard fields that people look at; the others (`version`, `source`) are of use to machines. */
const STANDARD: readonly [name: string, kind: FieldKind][] = [
  ["number", "text"],
  ["state", "choice"],
  ["owner_id", "user"],
  ["department_id", "department"],
  ["created_at", "moment"],
  ["created_by", "user"],
  ["updated_at", "moment"],
  ["updated_by", "user"],
];

const COMPARED: Operator[] = ["eq", "ne", "in", "null", "gt", "gte", "lt", "lte"];
const OF_STANDARD: Partial<Record<FieldKind, Operator[]>> = {
  text: [...COMPARED, "contains", "starts"],
  choice: ["eq", "ne", "in", "null"],
  user: ["eq", "ne", "in", "null"],
  department: ["eq", "ne", "in", "null"],
  moment: COMPARED,
};

export function isNumber(kind: FieldKind): boolean {
  return NUMBERS.has(kind);
}

/** Whether the value is a list. */
export function isList(kind: FieldKind): boolean {
  return LISTS.has(kind);
}

/** Whether the value names a row of another entity. */
export function isLink(kind: FieldKind): boolean {
  return LINKS.has(kind);
}

export function isDay(kind: FieldKind): boolean {
  return kind === "date" || kind === "moment";
}

export function alignOf(field: FieldMeta): Align {
  if (isNumber(field.kind)) return "right";
  return field.kind === "flag" ? "center" : "left";
}

/** A width that fits what such fields usually hold. */
export function widthOf(field: FieldMeta): number {
  if (field.name === "number") return 160;
  if (field.kind === "text") return (field.max as number | undefined ?? 100) > 100 ? 220 : 150;
  return WIDTHS[field.kind] ?? 140;
}

/** The standard fields of an entity as fields, so that nothing has to tell them apart. */
export function standardFields(entity: EntityMeta, t: (key: string) => string): FieldMeta[] {
  return STANDARD.filter(([name]) => name in entity.standard_fields).map(([name, kind]) => ({
    name,
    kind,
    label: t(`fields.standard.${name}`),
    required: false,
    readonly: true,
    list: name === "number" || name === "state",
    search: name === "number",
    index: entity.sortable.includes(name),
    unique: false,
    help: null,
    custom: false,
    computed: false,
    operators: OF_STANDARD[kind] ?? [],
    default: null,
    ...(name === "state" ? { options: (entity.states ?? []).map(({ key, label }) => ({ value: key, label })) } : {}),
  }));
}

/** All fields that lists may show: number first, then the entity's own, state and the other standard ones. */
export function allFields(entity: EntityMeta, t: (key: string) => string): FieldMeta[] {
  const standard = standardFields(entity, t).filter((item) => !entity.fields.some((own) => own.name === item.name));
  const first = standard.filter((item) => item.name === "number");
  return [...first, ...entity.fields, ...standard.filter((item) => item.name !== "number")];
}

/** Whether a list of this entity takes the search word `q`. */
export function isSearchable(entity: EntityMeta): boolean {
  // Ledgers and balances have no search text; nor do fields of a tenant or secret ones make one.
  return entity.kind === "document" && entity.fields.some((field) => field.search && !field.custom && field.kind !== "secret");
}
