import type { Department } from "./types.ts";

/** A department with those below it, in their order. */
export interface Branch {
  id: string;
  /** The id again, under the name that selects go by. */
  value: string;
  label: string;
  department: Department;
  children: Branch[];
}

/** The tree; departments whose upper one is not among them are roots, so that none is ever lost from sight. */
export function branchesOf(departments: readonly Department[]): Branch[] {
  const branches = new Map(departments.map((item) => [item.id, { id: item.id, value: item.id, label: item.name, department: item, children: [] } as Branch]));
  const roots: Branch[] = [];
  for (const branch of branches.values()) {
    const above = branch.department.parent_id === null ? undefined : branches.get(branch.department.parent_id);
    (above?.children ?? roots).push(branch);
  }
  for (const { children } of branches.values()) children.sort(inOrder);
  return roots.sort(inOrder);
}

function inOrder(one: Branch, other: Branch): number {
  return one.department.sort_order - other.department.sort_order || one.label.localeCompare(other.label, "zh-CN");
}

/** `总部 / 销售部`. */
export function pathName(id: string | null, departments: readonly Department[]): string {
  const byId = new Map(departments.map((item) => [item.id, item]));
  const names: string[] = [];
  // The bound is for data that runs in a circle, which the service refuses.
  for (let at = id === null ? undefined : byId.get(id); at !== undefined && names.length < 50; at = at.parent_id === null ? undefined : byId.get(at.parent_id)) {
    names.unshift(at.name);
  }
  return names.join(" / ");
}

/** A department and all below it. */
export function withBelow(id: string, departments: readonly Department[]): Set<string> {
  const root = departments.find((item) => item.id === id);
  if (root === undefined) return new Set([id]);
  return new Set(departments.filter((item) => item.path.startsWith(root.path)).map((item) => item.id));
}

/** Why a department may not be put below another; `null` when it may (`target` null: to the top). */
export function whyNotBelow(moved: string, target: string | null, departments: readonly Department[]): "self" | "below" | "same" | null {
  if (moved === target) return "self";
  const now = departments.find((item) => item.id === moved);
  if (now !== undefined && now.parent_id === target) return "same";
  return target !== null && withBelow(moved, departments).has(target) ? "below" : null;
}
