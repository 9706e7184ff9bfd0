export default {
  none: "No attachments yet. Drop files here, or press the button below.",
  noneRead: "No attachments",
  add: "Upload attachments (several, or drop them here)",
  preview: "Preview {name}",
  download: "Download {name}",
  save: "Download",
  remove: "Delete",
  removeOne: "Delete {name}",
  removeAsk: "Delete the attachment “{name}”?",
  removeFor: "An administrator can bring it back for 30 days; then it is gone",
  removed: "Attachment deleted",
  version: "version {number}",
};
