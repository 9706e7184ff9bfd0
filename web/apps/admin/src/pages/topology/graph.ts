import type { TwoLabels } from "../../running/words.ts";

export interface TopologyNode {
  name: string;
  kind: "users" | "services" | "cell" | "platform" | "gateway" | "other";
  label: TwoLabels;
  light: string | null;
  reason: string | null;
  instances: number | null;
  requests_in: number;
  errors_in: number;
  requests_out: number;
}

export interface TopologyEdge {
  from: string;
  to: string;
  requests: number;
  request_rate: number;
  refused: number;
  errors: number;
  error_ratio: number;
  p50_ms: number | null;
  p95_ms: number | null;
}

export interface Topology {
  window_seconds: number;
  at: number;
  nodes: TopologyNode[];
  edges: TopologyEdge[];
}

export interface Place {
  x: number;
  y: number;
}

export type Side = "left" | "right" | "top" | "bottom";

const COLUMN: Record<TopologyNode["kind"], number> = { users: 0, services: 0, other: 0, cell: 1, gateway: 3, platform: 3 };
const WIDTH = 330;
const HEIGHT = 100;
/** More cells than this stand in two columns. */
const MOST_IN_COLUMN = 6;

/**
 * Who calls stands on the left, cells in the middle, the platform on the right and below them: so the lines that lead
 * from the left to the platform pass under the cells and through none of them.
 */
export function placesOf(nodes: readonly TopologyNode[]): Map<string, Place> {
  const columns = new Map<number, TopologyNode[]>();
  const cells = nodes.filter((node) => node.kind === "cell");
  for (const node of [...nodes].sort((one, other) => one.name.localeCompare(other.name))) {
    const second = node.kind === "cell" && cells.length > MOST_IN_COLUMN && columnOf(columns, 1).length > columnOf(columns, 2).length;
    columnOf(columns, second ? 2 : COLUMN[node.kind]).push(node);
  }
  const used = [...columns.entries()].filter(([, members]) => members.length > 0).sort(([one], [other]) => one - other);
  const below = Math.max(columnOf(columns, 1).length, columnOf(columns, 2).length);
  const places = new Map<string, Place>();
  used.forEach(([kind, members], column) => {
    const first = kind === 1 || kind === 2 ? 0 : below;
    members.forEach((node, row) => places.set(node.name, { x: column * WIDTH, y: (first + row) * HEIGHT + (kind === 2 ? HEIGHT / 2 : 0) }));
  });
  return places;
}

function columnOf(columns: Map<number, TopologyNode[]>, place: number): TopologyNode[] {
  const found = columns.get(place) ?? [];
  columns.set(place, found);
  return found;
}

/** On which sides of the two nodes an edge begins and ends, so that it does not run through them. */
export function sidesOf(from: Place, to: Place): { source: Side; target: Side } {
  if (from.x < to.x) return { source: "right", target: "left" };
  if (from.x > to.x) return { source: "left", target: "right" };
  return from.y < to.y ? { source: "bottom", target: "top" } : { source: "top", target: "bottom" };
}

/** The width of a line by its traffic: ten times as much is one step wider. */
export function widthOf(edge: Pick<TopologyEdge, "request_rate">): number {
  return Math.min(6, 1.5 + Math.max(0, Math.log10(edge.request_rate * 60 + 1)));
}

export function stateOf(edge: Pick<TopologyEdge, "error_ratio" | "errors">): "good" | "some" | "bad" {
  if (edge.errors === 0) return "good";
  return edge.error_ratio >= 0.05 ? "bad" : "some";
}
