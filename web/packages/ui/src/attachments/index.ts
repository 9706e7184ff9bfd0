export { default as AttachmentsPanel } from "./AttachmentsPanel.vue";
export { default as PreviewDialog } from "./PreviewDialog.vue";
export { sendFile, type Sending } from "./sending.ts";
