import { defineComponent, h, shallowRef, type PropType, type VNode } from "vue";
import VxeColumn from "vxe-table/es/column";
import VxeTable from "vxe-table/es/table";
import "vxe-table/es/table/style.css";

import { alignOf } from "../fields/kinds.ts";
import "./grid.css";
import type { GridColumn, GridItem } from "./types.ts";

interface CellParams {
  row: GridItem;
  column: { field?: string };
  $event: MouseEvent;
}

/** What the grid asks of the table below it. */
export interface TableHandle {
  scrollToRow: (row: GridItem, field?: string) => Promise<void>;
  recalculate: (full?: boolean) => Promise<void>;
  $el: HTMLElement;
}

export interface Painter {
  cell: (item: GridItem, column: GridColumn) => VNode;
  head: (column: GridColumn) => VNode;
  foot: (column: GridColumn) => VNode | null;
  check: (item: GridItem) => VNode | null;
  checkAll: () => VNode | null;
  cellClass: (item: GridItem, field: string) => string;
  rowClass: (item: GridItem) => string;
}

/** How close to the end more rows are asked for. */
const NEAR_PX = 400;

/** The library's table with our cells: virtual rows and columns, fixed columns, widths. */
export default defineComponent({
  name: "GridTable",
  props: {
    columns: { type: Array as PropType<GridColumn[]>, required: true },
    items: { type: Array as PropType<GridItem[]>, required: true },
    painter: { type: Object as PropType<Painter>, required: true },
    rowHeight: { type: Number, required: true },
    selectable: Boolean,
    footer: Boolean,
  },
  emits: {
    press: (_item: GridItem, _field: string, _event: MouseEvent) => true,
    open: (_item: GridItem, _field: string) => true,
    resize: (_field: string, _width: number) => true,
    end: () => true,
  },
  setup(props, { emit, expose }) {
    const table = shallowRef<TableHandle | null>(null);
    expose({
      scrollTo: (item: GridItem, field: string) => table.value?.scrollToRow(item, field),
      recalculate: () => table.value?.recalculate(true),
    });

    function scrolled(event: { scrollTop: number; scrollHeight: number; bodyHeight: number; isY?: boolean }): void {
      if (event.scrollTop + event.bodyHeight > event.scrollHeight - NEAR_PX) emit("end");
    }

    function column(item: GridColumn): VNode {
      const { field, width, freeze } = item;
      return h(
        VxeColumn,
        {
          key: field.name,
          field: field.name,
          title: field.label,
          width,
          fixed: freeze ?? null,
          align: alignOf(field),
          headerAlign: alignOf(field),
          footerAlign: alignOf(field),
          resizable: true,
        },
        {
          default: ({ row }: { row: GridItem }) => [props.painter.cell(row, item)],
          header: () => [props.painter.head(item)],
          footer: () => [props.painter.foot(item)],
        },
      );
    }

    return () =>
      h(
        VxeTable,
        {
          ref: table as never,
          data: props.items,
          height: "100%",
          border: "inner",
          size: "small",
          showOverflow: "ellipsis",
          showHeaderOverflow: "ellipsis",
          showFooterOverflow: "ellipsis",
          showFooter: props.footer,
          footerData: props.footer ? [{}] : [],
          rowConfig: { keyField: "key", isHover: true, useKey: true },
          columnConfig: { resizable: true, useKey: true },
          cellConfig: { height: props.rowHeight },
          headerCellConfig: { height: props.rowHeight },
          footerCellConfig: { height: props.rowHeight },
          resizableConfig: { showDragTip: false },
          virtualYConfig: { enabled: true, gt: 0, oSize: 4 },
          virtualXConfig: { enabled: true, gt: 14 },
          cellClassName: ({ row, column: { field } }: CellParams) => props.painter.cellClass(row, field ?? ""),
          rowClassName: ({ row }: { row: GridItem }) => props.painter.rowClass(row),
          onCellClick: ({ row, column: { field }, $event }: CellParams) => emit("press", row, field ?? "", $event),
          onCellDblclick: ({ row, column: { field } }: CellParams) => emit("open", row, field ?? ""),
          onColumnResizableChange: (change: { column: { field: string }; resizeWidth: number }) => {
            emit("resize", change.column.field, Math.round(change.resizeWidth));
          },
          onScroll: scrolled as never,
        },
        {
          default: () => [
            props.selectable
              ? h(
                  VxeColumn,
                  { key: "--check", field: "--check", width: 40, fixed: "left", resizable: false },
                  {
                    default: ({ row }: { row: GridItem }) => [props.painter.check(row)],
                    header: () => [props.painter.checkAll()],
                  },
                )
              : null,
            ...props.columns.map(column),
            // Takes what is left of the width, so that the chosen widths stay as they are.
            h(VxeColumn, { key: "--rest", field: "--rest", minWidth: 1, resizable: false }, { default: () => [], header: () => [], footer: () => [] }),
          ],
          empty: () => [],
        },
      );
  },
});
