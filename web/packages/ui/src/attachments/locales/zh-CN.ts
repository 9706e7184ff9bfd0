export default {
  none: "还没有附件。拖文件到这里，或点下面上传。",
  noneRead: "没有附件",
  add: "上传附件（可多选、可拖入）",
  preview: "预览 {name}",
  download: "下载 {name}",
  save: "下载",
  remove: "删除",
  removeOne: "删除 {name}",
  removeAsk: "删除附件“{name}”？",
  removeFor: "30 天内可由管理员找回，之后清除",
  removed: "附件已删除",
  version: "第 {number} 版",
};
