import type { ChartKind, ReportItem, Result } from "../../reporting/types.ts";
import { figureText } from "../../reporting/table.ts";

/** A card as its user keeps it. */
export interface Card {
  id: string;
  kind: "chart" | "figures" | "list";
  /** A report for charts and figures, an entity's key for lists. */
  of: string;
  chart?: ChartKind;
  wide?: boolean;
}

const MOST_CARDS = 24;

/** What was stored, made sure of. */
export function cardsOf(stored: unknown): Card[] | null {
  if (!Array.isArray(stored)) return null;
  return stored.filter(isCard).slice(0, MOST_CARDS);
}

function isCard(value: unknown): value is Card {
  if (value === null || typeof value !== "object") return false;
  const { id, kind, of } = value as Record<string, unknown>;
  return typeof id === "string" && typeof of === "string" && ["chart", "figures", "list"].includes(String(kind));
}

/** What is shown until a user has chosen himself: the shipped reports, their figures first. */
export function usualCards(reports: readonly ReportItem[]): Card[] {
  const usable = reports.filter((item) => item.origin === "system" && item.usable && item.parameters.every((one) => !one.required));
  const first = usable.find((item) => item.chart !== "table");
  return [
    ...(first === undefined ? [] : [{ id: "figures", kind: "figures" as const, of: first.id, wide: true }]),
    ...usable.slice(0, 6).map((item) => ({ id: item.id, kind: "chart" as const, of: item.id, chart: item.chart === "table" ? ("bar" as const) : item.chart })),
  ];
}

/** The sums of a report as single figures. */
export function figuresOf(result: Result): { name: string; label: string; text: string }[] {
  const total = result.totals.find((item) => item.column.length === 0);
  if (total === undefined) return [];
  return result.measures.map(({ name, label, kind }) => ({ name, label, text: figureText(total.values[name] ?? null, kind) }));
}

export function moved(cards: readonly Card[], place: number, by: -1 | 1): Card[] {
  const made = [...cards];
  const [card] = made.splice(place, 1);
  if (card === undefined || place + by < 0) return [...cards];
  made.splice(place + by, 0, card);
  return made;
}
