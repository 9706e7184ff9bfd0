export default { title: "Route table" };
