export default {
  menu: {
    home: "首页",
    inbox: "审批",
    messages: "消息",
    search: "搜索",
    scans: "扫码",
    business: "业务",
    books: "台账",
    reports: "报表",
    allReports: "全部报表",
    dashboard: "仪表盘",
    settings: "设置",
    create: "新建{name}",
  },
  titles: { me: "个人设置" },
};
