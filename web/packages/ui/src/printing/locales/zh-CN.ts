export default {
  title: "打印",
  of: "打印{name}（{count} 张）",
  template: "模板",
  format: "格式",
  copies: "份数",
  preview: "打印预览",
  save: "保存文件",
  print: "打印",
  job: "单据较多，已转后台生成，完成后在消息中通知",
  printed: "已生成 {count} 张",
  reprinted: "已生成，其中 {count} 张是补打",
};
