export default {
  up: "Upstream: it refers to",
  down: "Downstream: refer to it",
  none: "No documents refer to it yet",
  all: "See all {count}",
  make: "New linked document",
};
