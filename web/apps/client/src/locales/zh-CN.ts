export default {
  menu: {
    home: "首页",
    inbox: "审批",
    messages: "消息",
    search: "搜索",
    business: "业务",
    books: "台账",
    reports: "报表",
    settings: "设置",
    create: "新建{name}",
  },
  titles: { me: "个人设置" },
};
