export default { title: "路由表" };
