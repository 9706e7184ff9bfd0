export default {
  none: "(empty)",
  move: "Move to another column",
  moveTo: "Move to “{to}”",
  refused: {
    "no-action": "“{from}” cannot become “{to}”: no action leads there from this state, or you have no right to it.",
    readonly: "“{field}” cannot be changed directly.",
    locked: "It cannot be changed in this state, or you have no right to.",
  },
};
