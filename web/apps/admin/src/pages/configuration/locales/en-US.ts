export default { title: "Configuration" };
