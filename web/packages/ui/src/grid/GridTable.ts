import { computed, defineComponent, h, markRaw, onBeforeUnmount, onMounted, ref, shallowRef, type PropType, type VNode } from "vue";
import VxeColumn from "vxe-table/es/column";
import VxeTable from "vxe-table/es/table";
import "vxe-table/es/table/style.css";

import { alignOf } from "../fields/kinds.ts";
import { calm } from "./calming.ts";
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

const CHECK_WIDTH = 40;
const OVERLAY_BAR = 14;
/** What never changes is given as the same object each time: another one would be looked through again. */
const UNCHANGING = {
  border: "inner",
  size: "small",
  showOverflow: "ellipsis",
  showHeaderOverflow: "ellipsis",
  showFooterOverflow: "ellipsis",
  rowConfig: { keyField: "key", isHover: true, useKey: true },
  columnConfig: { resizable: true, useKey: true },
  resizableConfig: { showDragTip: false },
  virtualYConfig: { enabled: true, gt: 0, oSize: 4 },
  virtualXConfig: { enabled: true, gt: 14 },
};
const NO_FOOTER: object[] = [];
const ONE_FOOTER: object[] = [{}];

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
    /** The table is in the document: once its place has a size. */
    drawn: () => true,
  },
  setup(props, { emit, expose }) {
    const table = shallowRef<TableHandle | null>(null);
    const frame = shallowRef<HTMLElement | null>(null);
    const size = ref({ width: 0, height: 0 });
    /** The library looks into rows that are reactive, each time it reads one. */
    const data = computed(() => props.items.map((item) => markRaw(item)));
    const heights = computed(() => ({ height: props.rowHeight }));
    const wanted = computed(() => props.columns.reduce((sum, { width }) => sum + width, props.selectable ? CHECK_WIDTH : 0));
    const scrolls = computed(() => (props.items.length + (props.footer ? 2 : 1)) * props.rowHeight > size.value.height);
    /** What the columns leave of the width. */
    const rest = computed(() => Math.max(1, size.value.width - wanted.value - (scrolls.value ? barWidth() : 0)));
    /** Made anew only with the columns: the table draws itself often, and would go through all of them each time. */
    const columns = computed(() => [
      props.selectable ? checks() : null,
      ...props.columns.map(column),
      // So that the chosen widths stay as they are.
      part({ key: "--rest", field: "--rest", width: rest.value, resizable: false }, { default: () => [], header: () => [], footer: () => [] }),
    ]);
    const slots = { default: () => columns.value, empty: () => [] };
    const drawn = {
      cellClassName: ({ row, column: { field } }: CellParams) => props.painter.cellClass(row, field ?? ""),
      rowClassName: ({ row }: { row: GridItem }) => props.painter.rowClass(row),
      onCellClick: ({ row, column: { field }, $event }: CellParams) => { emit("press", row, field ?? "", $event); },
      onCellDblclick: ({ row, column: { field } }: CellParams) => { emit("open", row, field ?? ""); },
      onColumnResizableChange: (change: { column: { field: string }; resizeWidth: number }) => {
        emit("resize", change.column.field, Math.round(change.resizeWidth));
      },
      onScroll: scrolled as never,
      onVnodeMounted: () => { emit("drawn"); },
      onVnodeBeforeMount: ({ component }: VNode) => { calm(component?.proxy ?? {}); },
    };
    const watching = new ResizeObserver(measure);

    expose({
      scrollTo: (item: GridItem, field: string) => table.value?.scrollToRow(item, field),
      recalculate: () => table.value?.recalculate(true),
    });

    onMounted(() => {
      measure();
      if (frame.value !== null) watching.observe(frame.value);
    });
    onBeforeUnmount(() => { watching.disconnect(); });

    function measure(): void {
      const { clientWidth: width, clientHeight: height } = frame.value ?? { clientWidth: 0, clientHeight: 0 };
      // A page that is hidden has no size; its table keeps the one that it had.
      if (width > 0 && (width !== size.value.width || height !== size.value.height)) size.value = { width, height };
    }

    function scrolled(event: { scrollTop: number; scrollHeight: number; bodyHeight: number; isY?: boolean }): void {
      if (event.scrollTop + event.bodyHeight > event.scrollHeight - NEAR_PX) emit("end");
    }

    function checks(): VNode {
      return part(
        { key: "--check", field: "--check", width: CHECK_WIDTH, fixed: "left", resizable: false },
        { default: ({ row }) => [props.painter.check(row)], header: () => [props.painter.checkAll()] },
      );
    }

    function column(item: GridColumn): VNode {
      const { field, width, freeze } = item;
      const align = alignOf(field);
      return part(
        {
          key: field.name,
          field: field.name,
          title: field.label,
          width,
          fixed: freeze ?? null,
          align,
          headerAlign: align,
          footerAlign: align,
          resizable: true,
        },
        {
          default: ({ row }) => [props.painter.cell(row, item)],
          header: () => [props.painter.head(item)],
          footer: () => [props.painter.foot(item)],
        },
      );
    }

    return () => h("div", { ref: frame, class: "sp-grid-frame" }, size.value.height === 0 ? [] : [drawTable()]);

    function drawTable(): VNode {
      return h(
        VxeTable,
        {
          ...UNCHANGING,
          ...drawn,
          ref: table as never,
          data: data.value,
          height: size.value.height,
          showFooter: props.footer,
          footerData: props.footer ? ONE_FOOTER : NO_FOOTER,
          cellConfig: heights.value,
          headerCellConfig: heights.value,
          footerCellConfig: heights.value,
        },
        slots,
      );
    }
  },
});

type Slots = Record<string, (given: { row: GridItem }) => (VNode | null)[]>;

/** A column; `$stable` tells Vue that what its slots draw is followed where it is drawn. */
function part(given: Record<string, unknown>, slots: Slots): VNode {
  return h(VxeColumn, given, { ...slots, $stable: true } as never);
}

let measuredBar: number | undefined;

/** How wide this browser's scroll bars are; for those that lie over the page the library keeps its own width free. */
function barWidth(): number {
  if (measuredBar === undefined) {
    const probe = document.createElement("div");
    probe.className = "sp-grid-bar";
    document.body.append(probe);
    measuredBar = probe.offsetWidth - probe.clientWidth || OVERLAY_BAR;
    probe.remove();
  }
  return measuredBar;
}
