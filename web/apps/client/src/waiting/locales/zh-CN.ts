export default { inbox: "待办审批 {count} 项", messages: "未读消息 {count} 条" };
