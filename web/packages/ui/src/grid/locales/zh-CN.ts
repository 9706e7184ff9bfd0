export default {
  select: "选择此行",
  selectAll: "选择全部已载入的行",
  table: "表格",
};
