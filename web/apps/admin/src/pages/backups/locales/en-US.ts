export default { title: "Backups" };
