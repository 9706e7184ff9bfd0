export { default as ReportCatalogue } from "./ReportCatalogue.vue";
export { default as ReportPage } from "./ReportPage.vue";
export { default as ReportChart } from "./ReportChart.vue";
export { default as ReportTable } from "./ReportTable.vue";
export { chartOf, chartOfRows, type ChartData } from "./chart.ts";
export { drillPage } from "./drilling.ts";
export { ReportRequests } from "./requests.ts";
export type { ChartKind, Definition, ReportItem, Result, ResultItem } from "./types.ts";
