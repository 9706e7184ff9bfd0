import { segment, useApi, type ApiClient, type ApprovalMeta, type CellMeta } from "@superpaas/api";

import { Joined, newestFirst, type Source } from "../../joining/joined.ts";

export const BOXES = ["todo", "done", "started", "cc"] as const;
export type Box = (typeof BOXES)[number];

/** One row of a box, as a cell answers it; `cell` is added. */
export interface Approval {
  cell: string;
  id: string;
  entity: string;
  entity_label: string;
  document_id: string;
  path: string | null;
  title: string;
  status: "running" | "approved" | "rejected" | "withdrawn" | "cancelled";
  step: { key: string; name: string | null } | null;
  starter_id: string;
  starter_name: string | null;
  started_at: string;
  updated_at: string;
  ended_at: string | null;
  version: number;
  /** To do only. */
  task?: number;
  opened_at?: string;
  due_at?: string | null;
  overdue?: boolean;
  instead_of?: string | null;
  /** Done and copies only. */
  at?: string | null;
  seen_at?: string | null;
}

export interface BoxQuery {
  box: Box;
  /** `erp.order`; all when empty. */
  entity: string;
  byDue: boolean;
}

type ApprovingCell = CellMeta & { approval: ApprovalMeta };

export function approvingCells(cells: readonly CellMeta[]): ApprovingCell[] {
  return cells.filter((cell): cell is ApprovingCell => cell.approval !== undefined);
}

/** Documents with a flow of their own, and those whose actions a tenant's flow may hold. */
function kindsOf(approval: ApprovalMeta): Record<string, { label: string }> {
  return { ...approval.entities, ...approval.held };
}

const PAGE = 30;

/** A box over all cells as one list. */
export function openBox(cells: readonly CellMeta[], query: BoxQuery, api: ApiClient = useApi()): Joined<Approval> {
  const asked = approvingCells(cells).filter((cell) => query.entity === "" || query.entity in kindsOf(cell.approval));
  const byDue = query.byDue && query.box === "todo";
  const sources = asked.map(
    ({ cell, approval }): Source<Approval> => ({
      key: cell,
      page: async (cursor) => {
        const found = await api.get<{ items: Omit<Approval, "cell">[]; next: string | null }>(approval.path, {
          query: { box: query.box, entity: query.entity, sort: byDue ? "due_at" : "", limit: PAGE, cursor },
        });
        return { items: found.items.map((item) => ({ ...item, cell })), next: found.next };
      },
    }),
  );
  return new Joined(sources, byDue ? dueFirst : newestFirst);
}

/** What is due first comes first, what is never due last. */
export function dueFirst(one: Approval, other: Approval): number {
  const [mine, theirs] = [one.due_at ?? "9999", other.due_at ?? "9999"];
  if (mine !== theirs) return mine < theirs ? -1 : 1;
  return one.id === other.id ? (one.task ?? 0) - (other.task ?? 0) : one.id < other.id ? -1 : 1;
}

/** One person may have two tasks in one approval; both are rows. */
export function keyOf(item: Approval): string {
  return `${item.cell}/${item.id}/${item.task ?? 0}`;
}

/** Whether a task is one of judging: one that has come back to its starter is submitted again, on its page. */
export function isJudged(item: Approval): boolean {
  return item.status === "running" && item.task !== undefined && item.step?.key !== "start";
}

export function approvalPath(cell: ApprovingCell | undefined, item: Pick<Approval, "cell" | "id">): string {
  return `${cell?.approval.path ?? `/api/v1/${segment(item.cell)}/_approvals`}/${segment(item.id)}`;
}

/** Which kinds of documents are approved, for the filter: label and key, by cell. */
export function approvedEntities(cells: readonly CellMeta[]): { cell: string; items: { key: string; label: string }[] }[] {
  return approvingCells(cells).map((cell) => ({
    cell: cell.label,
    items: Object.entries(kindsOf(cell.approval)).map(([key, entity]) => ({ key, label: entity.label })),
  }));
}

/** One approval by its id, as a row. */
export async function readApproval(cell: string, id: string, api: ApiClient = useApi()): Promise<Approval> {
  const found = await api.get<Omit<Approval, "cell" | "step">>(approvalPath(undefined, { cell, id }));
  return { ...found, cell, step: null };
}
