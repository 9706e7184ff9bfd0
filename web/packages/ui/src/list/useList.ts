import { computed, type ComputedRef } from "vue";
import { useI18n } from "vue-i18n";
import { useRoute, useRouter } from "vue-router";

import type { EntityMeta, FieldMeta, Filter } from "@superpaas/api";

import { allFields, isSearchable } from "../fields/kinds.ts";
import type { GridColumn, Sort } from "../grid/types.ts";
import { usePreferences } from "../layout/preferences/store.ts";
import { readState, sortText, writeState, type ListState } from "./address.ts";
import { columnsOf, viewColumns } from "./columns.ts";
import { compiled } from "./filter/compile.ts";
import { treeOfFilter } from "./filter/read.ts";
import type { Group } from "./filter/tree.ts";
import { allOf } from "./merging.ts";
import type { RowsQuery } from "./useRows.ts";
import type { Preset, View, ViewColumn, ViewSettings } from "./views/types.ts";
import type { Views } from "./views/useViews.ts";

/** Rows of one request while a person scrolls; enough for two screens. */
const PAGE = 60;

export interface ListModel {
  fields: ComputedRef<FieldMeta[]>;
  fieldOf: (name: string) => FieldMeta | undefined;
  state: ComputedRef<ListState>;
  view: ComputedRef<View | undefined>;
  tree: ComputedRef<Group>;
  sorts: ComputedRef<Sort[]>;
  groups: ComputedRef<string[]>;
  presets: ComputedRef<{ preset: Preset; on: boolean }[]>;
  columns: ComputedRef<GridColumn[]>;
  /** Fields that are summed up. */
  sums: ComputedRef<string[]>;
  query: ComputedRef<RowsQuery>;
  /** Something differs from the view. */
  changed: ComputedRef<boolean>;
  /** The user's columns differ from the view's. */
  ownColumns: ComputedRef<boolean>;
  set: (change: Partial<ListState>) => void;
  setColumns: (columns: readonly GridColumn[] | null) => void;
  togglePreset: (place: number) => void;
  /** The list as it is now, as a view's settings. */
  settings: () => ViewSettings;
  reset: () => void;
}

/** What a list shows: its view, with what the address says on top and the user's own columns. */
export function useList(entity: EntityMeta, views: Views): ListModel {
  const { t } = useI18n();
  const route = useRoute();
  const router = useRouter();
  const preferences = usePreferences();

  const fields = computed(() => allFields(entity, t));
  const byName = computed(() => new Map(fields.value.map((field) => [field.name, field])));
  const state = computed(() => readState(route.query));
  const view = computed(() => views.items.value.find((item) => item.id === state.value.view) ?? views.start.value);
  const settings_ = computed<ViewSettings>(() => view.value?.settings ?? {});
  const tree = computed(() => state.value.tree ?? treeOfFilter(settings_.value.filter, settings_.value.where));
  const sorts = computed(() => state.value.sorts ?? (settings_.value.sort ?? []).map(({ field, descending }) => ({ field, descending: descending ?? false })));
  const groups = computed(() => state.value.groups ?? settings_.value.group ?? []);
  const presets = computed(() =>
    (settings_.value.presets ?? []).map((preset, place) => ({
      preset,
      on: state.value.presets === null ? preset.active === true : state.value.presets.includes(place),
    })),
  );
  const columnsKey = computed(() => `list:${entity.key}:${view.value?.id ?? ""}`);
  const own = computed(() => preferences.current.pages[columnsKey.value] as ViewColumn[] | undefined);
  const columns = computed(() => columnsOf(entity, fields.value, Array.isArray(own.value) ? own.value : settings_.value.columns));
  const sums = computed(() => {
    const chosen = settings_.value.sums;
    if (chosen !== undefined && chosen.length > 0) return chosen;
    // Amounts are what people add up; prices and shares make no sense as sums.
    return columns.value
      .filter(({ field }) => (field.kind === "money" || field.kind === "quantity") && field.masked !== true && !(field.computed && field.operators.length === 0))
      .map(({ field }) => field.name)
      .slice(0, 8);
  });
  const filter = computed<Filter>(() => {
    const on = presets.value.filter((item) => item.on).map(({ preset }) => ({ $where: preset.where }) as unknown as Filter);
    return allOf(compiled(tree.value, (name) => byName.value.get(name)), ...on);
  });
  const query = computed<RowsQuery>(() => ({
    // A word in an address that leads to a list without search text would be refused.
    q: isSearchable(entity) ? state.value.q : "",
    filter: filter.value,
    sort: sortText(sorts.value),
    limit: Math.max(settings_.value.page_size ?? PAGE, PAGE),
  }));
  const changed = computed(() => {
    const { tree: other, sorts: order, groups: grouping, presets: on } = state.value;
    return other !== null || order !== null || grouping !== null || on !== null;
  });

  function set(change: Partial<ListState>): void {
    const query_ = writeState({ ...state.value, ...change });
    // Typing a search word would fill the history; everything else is a step that one can go back.
    const typing = Object.keys(change).length === 1 && change.q !== undefined && state.value.q !== "";
    void router[typing ? "replace" : "push"]({ query: query_ });
  }

  function setColumns(chosen: readonly GridColumn[] | null): void {
    const pages = Object.fromEntries(Object.entries(preferences.current.pages).filter(([name]) => name !== columnsKey.value));
    preferences.set({ pages: chosen === null ? pages : { ...pages, [columnsKey.value]: viewColumns(chosen) } });
  }

  function togglePreset(place: number): void {
    const on = presets.value.flatMap((item, index) => ((index === place ? !item.on : item.on) ? [index] : []));
    set({ presets: on });
  }

  function settings(): ViewSettings {
    const made: ViewSettings = { ...settings_.value, columns: viewColumns(columns.value), sort: sorts.value, group: groups.value };
    made.filter = compiled(tree.value, (name) => byName.value.get(name));
    delete made.where;
    made.presets = presets.value.map(({ preset, on }) => ({ ...preset, active: on }));
    const said = (value: unknown): boolean => value !== undefined && Object.keys(value as object).length > 0;
    return Object.fromEntries(Object.entries(made).filter(([, value]) => typeof value !== "object" || said(value)));
  }

  function reset(): void {
    set({ q: "", tree: null, sorts: null, groups: null, presets: null });
  }

  return {
    fields,
    fieldOf: (name) => byName.value.get(name),
    state,
    view,
    tree,
    sorts,
    groups,
    presets,
    columns,
    sums,
    query,
    changed,
    ownColumns: computed(() => own.value !== undefined),
    set,
    setColumns,
    togglePreset,
    settings,
    reset,
  };
}
