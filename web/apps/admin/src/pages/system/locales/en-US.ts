export default { title: "System information" };
