export default {
  scale: "Scale",
  day: "Days",
  week: "Weeks",
  month: "Months",
  hint: "Drag a bar to change its days; double-click to open it.",
  left: "{count} without both days are not shown.",
  none: "Nothing has both days.",
};
