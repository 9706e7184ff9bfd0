export { default as ApprovalCourse } from "./ApprovalCourse.vue";
export { default as ApprovalLog } from "./ApprovalLog.vue";
export { default as ApprovalPanel } from "./ApprovalPanel.vue";
export { default as SubmitDialog } from "./SubmitDialog.vue";
export { formsOf, openedBy, waitingFor, type ActionForm } from "./course.ts";
export type { ApprovalListed, ApprovalPreview, ApprovalView } from "./types.ts";
