import type { EntityMeta, FieldMeta, GroupMeta, LinesMeta } from "@superpaas/api";

/** A block of fields under a heading; `title` is a text's name of this folder, or the label as declared. */
export interface Section {
  key: string;
  title: { text: string } | { label: string };
  fields: FieldMeta[];
  /** Folded at first: what is seldom looked at. */
  folded: boolean;
  /** It stands after the lines. */
  after: boolean;
}

export interface Layout {
  sections: Section[];
  grids: LinesMeta[];
}

const LONG = new Set(["long_text", "json"]);
const FILES = new Set(["file", "files", "image"]);
const AMOUNTS = new Set(["money", "price", "quantity", "percent", "decimal"]);

/** Whether a field takes a whole row of the page. */
export function isWide(field: FieldMeta): boolean {
  return LONG.has(field.kind) || field.kind === "files";
}

/**
 * The page of an entity: as declared, or what a person fills in first, then amounts that are computed, texts, the
 * tenant's own fields, and at last what the system has noted.
 */
export function layoutOf(entity: EntityMeta, isNew: boolean): Layout {
  const shown = entity.fields.filter((field) => field.kind !== "row_id");
  const sections = entity.groups === undefined ? usual(shown, isNew) : declared(shown, entity.groups, isNew);
  return { sections: sections.filter((section) => section.fields.length > 0), grids: entity.lines };
}

/**
 * The page while the state leaves but those fields open that may always be changed, or that the approval opens:
 * everything stays in its place, and the page says once why, so that no field has to.
 */
export function limitedLayout(layout: Layout, opened: ReadonlySet<string> = new Set()): Layout {
  const closed = (field: FieldMeta): FieldMeta =>
    field.always_editable === true || opened.has(field.name) ? field : { ...field, readonly: true, computed: true };
  return {
    sections: layout.sections.map((section) => ({ ...section, fields: section.fields.map(closed) })),
    grids: layout.grids.map((grid) => (opened.has(grid.name) ? grid : { ...grid, readonly: true })),
  };
}

function declared(fields: readonly FieldMeta[], groups: readonly GroupMeta[], isNew: boolean): Section[] {
  const byName = new Map(fields.map((field) => [field.name, field]));
  const placed = new Set(groups.flatMap((group) => group.fields));
  const sections = groups.map<Section>((group) => ({
    key: group.key,
    title: { label: group.label },
    fields: group.fields.flatMap((name) => byName.get(name) ?? []).filter((field) => !isNew || (!field.readonly && !field.computed)),
    folded: group.folded,
    after: group.after,
  }));
  return [...sections, ...usual(fields.filter((field) => !placed.has(field.name)), isNew)];
}

function usual(fields: readonly FieldMeta[], isNew: boolean): Section[] {
  const places: Record<"main" | "amounts" | "texts" | "custom" | "system", FieldMeta[]> = {
    main: [],
    amounts: [],
    texts: [],
    custom: [],
    system: [],
  };
  for (const field of fields) {
    const given = !field.readonly && !field.computed;
    if (field.custom) places.custom.push(field);
    else if (!given && isNew) continue;
    else if (isWide(field) || FILES.has(field.kind)) places.texts.push(field);
    else if (given || field.list) places.main.push(field);
    else if (AMOUNTS.has(field.kind)) places.amounts.push(field);
    else places.system.push(field);
  }
  // A heading over two fields is noise: few amounts stand among the main ones.
  if (places.amounts.length < 3) places.main.push(...places.amounts.splice(0));
  if (places.system.length < 3) places.main.push(...places.system.splice(0));
  const section = (key: keyof typeof places, folded = false): Section => ({
    key,
    title: { text: key },
    fields: places[key],
    folded,
    after: key === "texts" || key === "system",
  });
  return [section("main"), section("amounts"), section("texts"), section("custom"), section("system", true)];
}
