export default {
  none: "（未填）",
  move: "移动到其他列",
  moveTo: "移到“{to}”",
  refused: {
    "no-action": "不能从“{from}”变为“{to}”：当前状态没有可用的操作，或没有权限。",
    readonly: "“{field}”不能直接修改。",
    locked: "当前状态下不能修改，或没有修改权限。",
  },
};
