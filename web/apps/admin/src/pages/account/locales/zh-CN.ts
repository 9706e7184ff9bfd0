export default {
  title: "我的账号",
  facts: { name: "姓名", username: "用户名", tenant: "租户", department: "部门", roles: "角色", zone: "时区", lastLogin: "上次登录", passwordChanged: "密码修改时间" },
  password: "登录密码",
  passwordText: "修改后，其他设备上的登录都会结束。",
  changePassword: "修改密码",
  sessions: "登录的设备",
  unknown: "未知设备",
  current: "本次登录",
  end: "退出登录",
  ended: "已退出登录",
  endOthers: "退出其他设备",
  endOthersText: "除本次登录外，您在所有设备上的登录都会结束，未保存的内容会丢失。",
};
