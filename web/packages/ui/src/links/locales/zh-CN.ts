export default {
  up: "上查：它引用的",
  down: "下查：引用它的",
  none: "还没有单据引用它",
  all: "查看全部 {count} 张",
  make: "新建关联单据",
};
