export default {
  fold: "Fold",
  unfold: "Unfold",
  refused: "It cannot stand here: nothing can be below itself.",
  moved: "“{name}” has been moved",
};
