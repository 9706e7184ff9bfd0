export default { title: "平台配置" };
