export { default as CommentText } from "./CommentText.vue";
export { default as EntryDifferences } from "./EntryDifferences.vue";
export { default as TimelinePanel } from "./TimelinePanel.vue";
