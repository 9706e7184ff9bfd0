export default { title: "Logs" };
