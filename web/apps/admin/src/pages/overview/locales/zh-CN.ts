export default { title: "概览" };
