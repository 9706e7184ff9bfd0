export default {
  sections: {
    run: "Operations",
    platform: "Platform",
    people: "People and permissions",
    security: "Security and audit",
    system: "System",
  },
};
