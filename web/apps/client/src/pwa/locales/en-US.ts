export default { ready: "A new version is ready; save your work and update.", later: "Later", now: "Update" };
