import type { DocumentRow } from "@superpaas/api";

/** A row as it stands in the tree, level by level. */
export interface Branch {
  row: DocumentRow;
  level: number;
  open: boolean;
  /** Not asked for yet, none, or those that there are. */
  children: "unknown" | "none" | "some";
}

/** The open part of a tree, from top to bottom. `""` stands for the top. */
export function branchesOf(children: ReadonlyMap<string, readonly DocumentRow[]>, open: ReadonlySet<string>): Branch[] {
  const made: Branch[] = [];
  const add = (parent: string, level: number, above: ReadonlySet<string>): void => {
    for (const row of children.get(parent) ?? []) {
      const below = children.get(row.id);
      const isOpen = open.has(row.id);
      made.push({ row, level, open: isOpen, children: below === undefined ? "unknown" : below.length === 0 ? "none" : "some" });
      // A ring in the data must not become an endless page.
      if (isOpen && !above.has(row.id)) add(row.id, level + 1, new Set([...above, row.id]));
    }
  };
  add("", 1, new Set());
  return made;
}

/** Whether a row may be put below another: not below itself, and not where it already is. */
export function mayAdopt(children: ReadonlyMap<string, readonly DocumentRow[]>, row: DocumentRow, parent: string, field: string): boolean {
  if (((row[field] as string | null) ?? "") === parent || row.id === parent) return false;
  const inside = (id: string): boolean => (children.get(id) ?? []).some((child) => child.id === parent || inside(child.id));
  return !inside(row.id);
}
