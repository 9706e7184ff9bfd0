export default {
  empty: "No {name}",
  create: "New",
  more: "More",
  incomplete: "Only the first {count} are shown; please narrow the filter.",
};
