import type { AllowedAction, ApprovalView, EntryView, StepView, TaskView } from "./types.ts";

/** What a dialog for an action asks for, beside the opinion. */
export interface ActionForm {
  action: string;
  /** The word of the route. */
  verb: string;
  task: number | undefined;
  asks: ("user" | "users" | "where" | "to" | "back")[];
  commentRequired: boolean;
  tone: "primary" | "danger" | "default";
}

const ASKS: Record<string, ActionForm["asks"]> = {
  transfer: ["user"],
  delegate: ["user"],
  hand: ["user"],
  add_sign: ["where", "users"],
  cc: ["users"],
  return: ["to", "back"],
};
const COMMENTED = new Set(["reject", "return", "comment"]);
const ORDER = ["approve", "reject", "resubmit", "return", "add_sign", "transfer", "delegate", "urge", "recall", "withdraw", "hand", "cc", "comment"];

/** What the reader may do, each once and in the order that people look for it. */
export function formsOf(actions: readonly AllowedAction[]): ActionForm[] {
  const seen = new Map<string, AllowedAction>();
  for (const item of actions) if (!seen.has(item.action)) seen.set(item.action, item);
  return [...seen.values()]
    .sort((one, other) => place(one.action) - place(other.action))
    .map(({ action, task }) => ({
      action,
      verb: action.replaceAll("_", "-"),
      task,
      asks: ASKS[action] ?? [],
      commentRequired: COMMENTED.has(action),
      tone: action === "approve" || action === "resubmit" ? "primary" : action === "reject" || action === "withdraw" ? "danger" : "default",
    }));
}

function place(action: string): number {
  const at = ORDER.indexOf(action);
  return at < 0 ? ORDER.length : at;
}

/** Who decides now. */
export function waitingFor(view: Pick<ApprovalView, "steps">): TaskView[] {
  return view.steps.flatMap((step) => step.visits.flatMap((visit) => (visit.void ? [] : visit.tasks.filter((task) => task.state === "open"))));
}

/** Tasks of the last time that the way came by a step. */
export function lastTasks(step: StepView): TaskView[] {
  return step.visits.at(-1)?.tasks ?? [];
}

export function isOverdue(task: Pick<TaskView, "state" | "due_at">, now: Date): boolean {
  return task.state === "open" && task.due_at !== null && new Date(task.due_at) <= now;
}

/** The body of an action; what is not given is not sent. */
export function bodyOf(
  form: ActionForm,
  version: number,
  given: { comment: string; user: string | null; users: string[]; where: string; to: string; back: string },
): Record<string, unknown> {
  const body: Record<string, unknown> = { version };
  if (given.comment.trim() !== "") body["comment"] = given.comment.trim();
  if (form.task !== undefined) body["task"] = form.task;
  if (form.asks.includes("user")) body["user"] = given.user;
  if (form.asks.includes("users")) body["users"] = given.users;
  for (const name of ["where", "to", "back"] as const) if (form.asks.includes(name)) body[name] = given[name];
  return body;
}

/** What still has to be given. */
export function lacking(form: ActionForm, given: { comment: string; user: string | null; users: string[] }): ("comment" | "user" | "users")[] {
  const missing: ("comment" | "user" | "users")[] = [];
  if (form.commentRequired && given.comment.trim() === "") missing.push("comment");
  if (form.asks.includes("user") && !given.user) missing.push("user");
  if (form.asks.includes("users") && given.users.length === 0) missing.push("users");
  return missing;
}

/** The people whom an entry of the log names: whom it was passed to, or who was asked, too. */
export function peopleOf(entry: Pick<EntryView, "user" | "users">): string[] {
  return entry.users ?? (entry.user === undefined ? [] : [entry.user]);
}

/** What a running approval leaves open to a reader: all to whom it was returned to, else what his task lets him write. */
export function openedBy(view: Pick<ApprovalView, "returned" | "starter_id" | "editable_fields">, reader: string): "all" | ReadonlySet<string> | null {
  if (view.returned && view.starter_id === reader) return "all";
  return view.editable_fields.length > 0 ? new Set(view.editable_fields) : null;
}
