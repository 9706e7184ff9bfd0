export default { title: "备份与恢复" };
