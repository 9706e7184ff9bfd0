import { may, type CellMeta, type EntityMeta } from "@superpaas/api";

/** An entry of a document's history, as the service shows it to this reader. */
export interface HistoryEntry {
  id: string;
  at: string;
  user_id: string | null;
  user_name?: string | null;
  /** `erp.order.update`. */
  action: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  channel?: string | null;
  erased?: string[];
}

/** A remark of a person on a document. */
export interface Comment {
  id: string;
  text: string;
  mentions: string[];
  created_at: string;
  created_by: string;
  edited_at: string | null;
  deleted: boolean;
  mine: boolean;
}

export type TimelineItem = ({ kind: "entry"; entry: HistoryEntry } | { kind: "comment"; comment: Comment }) & { at: string; id: string };

/** Both as one line of time, the newest first. */
export function joined(entries: readonly HistoryEntry[], comments: readonly Comment[]): TimelineItem[] {
  const items: TimelineItem[] = [
    ...entries.map((entry) => ({ kind: "entry" as const, entry, at: entry.at, id: entry.id })),
    ...comments.map((comment) => ({ kind: "comment" as const, comment, at: comment.created_at, id: comment.id })),
  ];
  return items.sort((one, other) => (one.at === other.at ? (one.id < other.id ? 1 : -1) : one.at < other.at ? 1 : -1));
}

/** The words of an action: the document's own, or the name of a usual one. `null` where the texts of this folder tell. */
export function actionLabel(entity: EntityMeta, action: string): { text: string } | { key: string } {
  const verb = action.startsWith(`${entity.key}.`) ? action.slice(entity.key.length + 1) : action;
  const own = entity.actions?.find((item) => item.verb === verb);
  if (own !== undefined) return { text: own.label };
  return { key: verb.replaceAll(/[^a-z_]/g, "_") };
}

/** What the reader may see of a document's history: its own resource where the kit has one, the audit trail otherwise. */
export function mayReadHistory(meta: CellMeta, entity: EntityMeta, auditor: boolean): boolean {
  return isDiscussed(meta, entity) ? may(entity, "read") : auditor;
}

/** Whether a document has a history and comments of its own; settings of the kit are told by the audit trail alone. */
export function isDiscussed(meta: CellMeta, entity: EntityMeta): boolean {
  return meta.timeline?.entities.includes(entity.key) === true;
}
