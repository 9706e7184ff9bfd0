export default {
  empty: "没有{name}",
  create: "新建",
  more: "更多",
  incomplete: "数据较多，只显示前 {count} 条；请缩小筛选范围。",
};
