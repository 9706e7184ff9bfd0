export default {
  menu: {
    home: "Home",
    inbox: "Approvals",
    messages: "Messages",
    search: "Search",
    scans: "Scanning",
    business: "Business",
    books: "Ledgers",
    reports: "Reports",
    allReports: "All reports",
    dashboard: "Dashboard",
    settings: "Settings",
    create: "New {name}",
  },
  titles: { me: "My settings" },
};
