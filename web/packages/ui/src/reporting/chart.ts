import { acrossOf, figureText } from "./table.ts";
import type { ChartKind, Result } from "./types.ts";

/** What a chart shows: exact texts; only their drawing uses numbers. */
export interface ChartData {
  categories: string[];
  series: { name: string; kind: string; values: (string | null)[] }[];
}

/** More are not told apart. */
const MOST_SERIES = 12;
const MOST_CATEGORIES = 200;

/** The chart of a report: its first dimension down, a series a measure or group across. */
export function chartOf(result: Result, chart: ChartKind = "bar"): ChartData {
  // A count beside a sum of money would be a line on the ground.
  const kind = result.measures[0]?.kind;
  const measures = result.measures.filter((item) => item.kind === kind);
  const level = Math.min(1, result.rows.length);
  const rows = new Map<string, string>();
  const groups = acrossOf(result).filter(({ key }) => result.columns.length === 0 || key !== "[]");
  const across = new Map(groups.map(({ key, labels }) => [key, labels.join(" / ")]));
  const values = new Map<string, string | null>();
  for (const item of level === 0 ? result.totals : result.items) {
    if (item.row.length !== level) continue;
    // All the others together would dwarf the first ones; only a whole needs them.
    if (item.rest && chart !== "pie") continue;
    const row = JSON.stringify([item.row, item.rest]);
    if (result.columns.length > 0 && item.column.length === 0) continue;
    const column = JSON.stringify(item.column);
    rows.set(row, item.row_labels.join(" / "));
    for (const measure of measures) {
      const figure = item.values[measure.name] ?? null;
      values.set(`${row}|${column}|${measure.name}`, figure === null ? null : String(figure));
    }
  }
  const categories = [...rows].slice(0, MOST_CATEGORIES);
  const series = [...across].flatMap(([column, label]) =>
    measures.map((measure) => ({
      name: [label, label === "" || measures.length > 1 ? measure.label : ""].filter((text) => text !== "").join(" · "),
      kind: measure.kind,
      values: categories.map(([row]) => values.get(`${row}|${column}|${measure.name}`) ?? null),
    })),
  );
  return { categories: categories.map(([, label]) => label), series: series.slice(0, MOST_SERIES) };
}

/** The chart of rows: one column names them, others are the series. */
export function chartOfRows(
  rows: readonly Record<string, unknown>[],
  by: string,
  measures: readonly { name: string; label: string; kind: string }[],
): ChartData {
  const shown = rows.slice(0, MOST_CATEGORIES);
  return {
    categories: shown.map((row) => textOf(row[by])),
    series: measures.map(({ name, label, kind }) => ({
      name: label,
      kind,
      values: shown.map((row) => (row[name] === null || row[name] === undefined ? null : textOf(row[name]))),
    })),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export interface Palette {
  text: string;
  muted: string;
  line: string;
  surface: string;
  colours: string[];
}

/** The options that ECharts draws a chart by; figures in tips are the exact texts. */
export function optionOf(data: ChartData, kind: ChartKind, palette: Palette): Record<string, unknown> {
  const shared = {
    color: palette.colours,
    textStyle: { color: palette.text },
    animationDuration: 200,
    aria: { enabled: true, decal: { show: false } },
  };
  const legend = {
    type: "scroll",
    bottom: 0,
    textStyle: { color: palette.muted },
    show: data.series.length > 1 || kind === "pie",
  };
  const tip = {
    backgroundColor: palette.surface,
    borderColor: palette.line,
    textStyle: { color: palette.text },
    confine: true,
  };
  if (kind === "pie") return { ...shared, legend, tooltip: { ...tip, trigger: "item" }, series: [pieOf(data, palette)] };
  const stacked = kind === "stacked";
  const isLine = kind === "line" || kind === "area";
  return {
    ...shared,
    legend,
    tooltip: {
      ...tip,
      trigger: "axis",
      axisPointer: { type: isLine ? "line" : "shadow" },
      valueFormatter: (value: unknown) => tipText(value),
    },
    grid: { left: 12, right: 16, top: 20, bottom: legend.show ? 36 : 8, containLabel: true },
    xAxis: {
      type: "category",
      data: data.categories,
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: false },
      axisLabel: { color: palette.muted, hideOverlap: true, width: 110, overflow: "truncate" },
    },
    yAxis: {
      type: "value",
      axisLabel: { color: palette.muted },
      splitLine: { lineStyle: { color: palette.line } },
    },
    series: data.series.map((item) => ({
      name: item.name,
      type: isLine ? "line" : "bar",
      ...(stacked ? { stack: "all" } : {}),
      ...(kind === "area" ? { areaStyle: { opacity: 0.25 } } : {}),
      ...(isLine ? { showSymbol: data.categories.length < 60 } : { barMaxWidth: 36 }),
      data: item.values.map((value) => (value === null ? null : Number(value))),
    })),
  };
}

function pieOf(data: ChartData, palette: Palette): Record<string, unknown> {
  const [first] = data.series;
  const whole = data.categories.map((name, place) => ({ name, value: Number(first?.values[place] ?? 0) }));
  return {
    type: "pie",
    radius: ["38%", "68%"],
    center: ["50%", "45%"],
    itemStyle: { borderColor: palette.surface, borderWidth: 1 },
    label: { color: palette.text, formatter: "{b} {d}%" },
    // Shares of what is negative cannot be drawn.
    data: whole.filter((item) => item.value > 0),
  };
}

/** Axis and tip numbers come back from the drawing as numbers; they are told as they are read, to the cent. */
function tipText(value: unknown): string {
  if (typeof value !== "number" || !Number.isFinite(value)) return "–";
  return figureText(Number.isInteger(value) ? String(value) : value.toFixed(2), "decimal");
}
