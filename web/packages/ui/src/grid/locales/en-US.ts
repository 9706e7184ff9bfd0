export default {
  select: "Select this row",
  selectAll: "Select all rows that are loaded",
  table: "Table",
};
