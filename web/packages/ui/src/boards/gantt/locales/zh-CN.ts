export default {
  scale: "时间刻度",
  day: "日",
  week: "周",
  month: "月",
  hint: "拖动条形可改日期，双击打开。",
  left: "{count} 条缺少起止日期，未显示。",
  none: "没有填写了起止日期的数据。",
};
