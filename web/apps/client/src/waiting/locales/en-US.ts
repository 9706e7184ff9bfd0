export default { inbox: "{count} approvals to do", messages: "{count} unread messages" };
