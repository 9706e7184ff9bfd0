export default {
  fold: "收起",
  unfold: "展开",
  refused: "不能放到这里：不能成为自己的下级。",
  moved: "已移动“{name}”",
};
