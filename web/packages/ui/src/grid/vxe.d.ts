// The library describes its parts only together; they are imported one by one, which is half the size.
declare module "vxe-table/es/table" {
  import type { DefineComponent } from "vue";

  const VxeTable: DefineComponent<Record<string, unknown>>;
  export default VxeTable;
}

declare module "vxe-table/es/column" {
  import type { DefineComponent } from "vue";

  const VxeColumn: DefineComponent<Record<string, unknown>>;
  export default VxeColumn;
}
