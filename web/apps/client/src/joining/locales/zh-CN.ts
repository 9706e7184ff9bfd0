export default { failed: "{cell}暂时不可用：{reason}", retry: "重试" };
