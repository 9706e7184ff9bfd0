/** A task of somebody in a step. */
export interface TaskView {
  number: number;
  user_id: string | null;
  name: string | null;
  instead_of: string | null;
  /** A permission that many hold, or `administrators`: whoever takes it. */
  pool: string | null;
  state: string;
  relation: string;
  parent: number | null;
  by: string | null;
  opened_at: string | null;
  due_at: string | null;
  decided_at: string | null;
  comment: string | null;
  reason: string | null;
}

export interface VisitView {
  number: number;
  state: string;
  void: boolean;
  reason: string;
  opened_at: string;
  closed_at: string | null;
  tasks: TaskView[];
}

export interface StepView {
  key: string;
  name: string | null;
  mode: string;
  due_hours: number | null;
  state: string;
  reason: string;
  current: boolean;
  planned: { user_id: string | null; name: string | null; instead_of: string | null; pool: string | null }[];
  visits: VisitView[];
}

export interface EntryView {
  action: string;
  at: string;
  user_id: string | null;
  name: string | null;
  comment?: string;
  to?: string;
  to_name?: string;
  users?: string[];
  user?: string;
}

export interface AllowedAction {
  /** As the log names it: `add_sign`. */
  action: string;
  task?: number;
}

/** `GET _approvals/{id}`. */
export interface ApprovalView {
  id: string;
  entity: string;
  document_id: string;
  title: string;
  status: "running" | "approved" | "rejected" | "withdrawn" | "cancelled";
  version: number;
  starter_id: string;
  starter_name: string;
  started_at: string;
  ended_at: string | null;
  returned: boolean;
  steps: StepView[];
  log: EntryView[];
  actions: AllowedAction[];
  return_targets: string[];
  editable_fields: string[];
}

/** One row of `GET _approvals`. */
export interface ApprovalListed {
  id: string;
  status: ApprovalView["status"];
  started_at: string;
  version: number;
}

/** `GET _approvals/preview`. */
export interface ApprovalPreview {
  needed: boolean;
  steps: {
    key: string;
    name: string;
    mode: string;
    outcome: string;
    reason: string;
    choose: { least: number; most: number } | null;
    asked: { user_id: string | null; name: string | null; instead_of: string | null; pool: string | null }[];
  }[];
}
