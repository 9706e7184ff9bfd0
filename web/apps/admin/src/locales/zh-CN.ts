export default {
  sections: { run: "运行", platform: "平台", people: "组织与权限", security: "安全与审计", system: "系统" },
};
