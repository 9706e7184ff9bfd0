import { h, type VNode } from "vue";

import type { GridColumn, GroupItem, MoreItem, Sort } from "./types.ts";

/** A group's heading in the first column, its subtotals in theirs. */
export function groupLine(item: GroupItem, first: boolean, sum: string | undefined, toggle: (key: string) => void): VNode {
  if (!first) return h("span", { class: "sp-value-number" }, sum ?? "");
  return h(
    "button",
    {
      type: "button",
      class: "sp-group-cell",
      tabindex: -1,
      "aria-expanded": item.open,
      style: { paddingInlineStart: `${item.level * 18}px` },
      onClick: () => { toggle(item.key); },
    },
    [h("span", { class: "sp-group-arrow", "data-open": item.open, "aria-hidden": true }, "▸"), `${item.label} (${item.count})`],
  );
}

/** "Show more" at the end of a group. */
export function moreLine(item: MoreItem, first: boolean, more: (key: string) => void): VNode {
  if (!first) return h("span");
  return h(
    "button",
    {
      type: "button",
      class: "sp-group-cell",
      tabindex: -1,
      style: { paddingInlineStart: `${item.level * 18}px`, color: "var(--sp-brand)" },
      onClick: () => { more(item.key); },
    },
    item.label,
  );
}

export interface HeadActions {
  sort: (more: boolean) => void;
  drag: (name: string | null) => void;
  drop: (name: string, after: boolean) => void;
}

/** A column's heading: a press sorts, dragging moves the column. */
export function headCell(column: GridColumn, sorts: readonly Sort[], dragged: string | null, actions: HeadActions): VNode {
  const { field, sortable = false } = column;
  const place = sorts.findIndex((sort) => sort.field === field.name);
  const sort = sorts[place];
  const arrow = sort === undefined ? "" : `${sort.descending ? "↓" : "↑"}${sorts.length > 1 ? String(place + 1) : ""}`;
  return h(
    "button",
    {
      type: "button",
      class: "sp-head",
      draggable: true,
      "data-sortable": sortable,
      "aria-label": sort === undefined ? undefined : `${field.label} ${arrow}`,
      title: field.help ?? field.label,
      onClick: (event: MouseEvent) => {
        if (sortable) actions.sort(event.shiftKey);
      },
      onDragstart: (event: DragEvent) => {
        event.dataTransfer?.setData("text/plain", field.name);
        actions.drag(field.name);
      },
      onDragend: () => { actions.drag(null); },
      onDragover: (event: DragEvent) => {
        if (dragged !== null && dragged !== field.name) event.preventDefault();
        (event.currentTarget as HTMLElement).dataset["drop"] = isAfter(event) ? "after" : "before";
      },
      onDragleave: (event: DragEvent) => { delete (event.currentTarget as HTMLElement).dataset["drop"]; },
      onDrop: (event: DragEvent) => {
        event.preventDefault();
        delete (event.currentTarget as HTMLElement).dataset["drop"];
        if (dragged !== null) actions.drop(dragged, isAfter(event));
      },
    },
    [h("span", { class: "sp-head-label" }, field.label), arrow === "" ? null : h("span", { class: "sp-head-sort", "aria-hidden": true }, arrow)],
  );
}

function isAfter(event: DragEvent): boolean {
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  return event.clientX > box.left + box.width / 2;
}
