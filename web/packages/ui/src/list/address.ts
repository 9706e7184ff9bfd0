import type { Sort } from "../grid/types.ts";
import { NO_CONDITIONS, type Group, type Node } from "./filter/tree.ts";

/** What of a list stands in its address: it can be shared, and back and forward work. */
export interface ListState {
  /** The id of the view; `null` for the one the user starts with. */
  view: string | null;
  q: string;
  /** `null`: as the view has it. */
  tree: Group | null;
  sorts: Sort[] | null;
  groups: string[] | null;
  /** Which of the view's presets are on. */
  presets: number[] | null;
}

export const PLAIN_STATE: ListState = { view: null, q: "", tree: null, sorts: null, groups: null, presets: null };

/** The address' query as the list's state; what cannot be read is as if it were not there. */
export function readState(query: Record<string, unknown>): ListState {
  return {
    view: text(query["view"]),
    q: text(query["q"]) ?? "",
    tree: treeOf(text(query["f"])),
    sorts: text(query["sort"]) === null ? null : sortsOf(String(query["sort"])),
    groups: text(query["group"]) === null ? null : parts(String(query["group"])),
    presets: text(query["on"]) === null ? null : parts(String(query["on"])).map(Number).filter(Number.isSafeInteger),
  };
}

/** The state as an address' query, with only what differs from the view. */
export function writeState(state: ListState): Record<string, string> {
  const query: Record<string, string> = {};
  if (state.view !== null) query["view"] = state.view;
  if (state.q !== "") query["q"] = state.q;
  if (state.tree !== null) query["f"] = JSON.stringify(short(state.tree));
  if (state.sorts !== null) query["sort"] = sortText(state.sorts).join(",") || "-";
  if (state.groups !== null) query["group"] = state.groups.join(",") || "-";
  if (state.presets !== null) query["on"] = state.presets.join(",") || "-";
  return query;
}

/** Sorts as the list's `sort` takes them. */
export function sortText(sorts: readonly Sort[]): string[] {
  return sorts.map(({ field, descending }) => (descending ? `-${field}` : field));
}

function sortsOf(written: string): Sort[] {
  return parts(written).map((part) => ({ field: part.replace(/^-/, ""), descending: part.startsWith("-") }));
}

function parts(written: string): string[] {
  return written === "-" ? [] : written.split(",").filter((part) => part !== "");
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** A tree in few signs: groups as `["&", …]`, terms as `[field, asked, value]`. */
function short(node: Node): unknown {
  if (node.kind === "given") return { w: node.where };
  if (node.kind === "term") return [node.field, node.asked, node.value];
  return [node.joined === "and" ? "&" : "|", ...node.items.map(short)];
}

function treeOf(written: string | null): Group | null {
  if (written === null) return null;
  try {
    const node = long(JSON.parse(written) as unknown);
    if (node === null) return null;
    return node.kind === "group" ? node : { ...NO_CONDITIONS, items: [node] };
  } catch {
    return null;
  }
}

function long(value: unknown): Node | null {
  if (!Array.isArray(value)) {
    return value !== null && typeof value === "object" && "w" in value ? { kind: "given", where: value.w } : null;
  }
  const [first, ...rest] = value as unknown[];
  if (first === "&" || first === "|") {
    const items = rest.map(long).filter((item) => item !== null);
    return { kind: "group", joined: first === "&" ? "and" : "or", items };
  }
  if (typeof first !== "string" || typeof rest[0] !== "string") return null;
  return { kind: "term", field: first, asked: rest[0] as never, value: (rest[1] ?? null) as never };
}
