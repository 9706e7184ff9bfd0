export default {
  title: "Print",
  of: "Print {name} ({count})",
  template: "Template",
  format: "Format",
  copies: "Copies",
  preview: "Print preview",
  save: "Save as file",
  print: "Print",
  job: "So many documents are made in the background; a message tells when they are ready",
  printed: "{count} printed",
  reprinted: "Printed; {count} of them once more",
};
