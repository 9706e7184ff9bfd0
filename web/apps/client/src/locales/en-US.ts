export default {
  menu: {
    home: "Home",
    inbox: "Approvals",
    messages: "Messages",
    search: "Search",
    business: "Business",
    books: "Ledgers",
    reports: "Reports",
    settings: "Settings",
    create: "New {name}",
  },
  titles: { me: "My settings" },
};
