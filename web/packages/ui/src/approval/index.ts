export { default as ApprovalCourse } from "./ApprovalCourse.vue";
export { default as ApprovalPanel } from "./ApprovalPanel.vue";
export { default as SubmitDialog } from "./SubmitDialog.vue";
export { formsOf, waitingFor, type ActionForm } from "./course.ts";
export type { ApprovalListed, ApprovalPreview, ApprovalView } from "./types.ts";
