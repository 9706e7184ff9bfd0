import { describe, expect, it } from "vitest";

import { bodyOf, formsOf, isOverdue, lacking, openedBy, peopleOf, waitingFor } from "./course.ts";
import type { ApprovalView, TaskView } from "./types.ts";

const given = { comment: " ok ", user: null, users: [], where: "before", to: "start", back: "here" };

describe("what may be done", () => {
  it("comes once each, deciding first, with what it asks for", () => {
    const forms = formsOf([{ action: "comment" }, { action: "add_sign", task: 2 }, { action: "approve", task: 2 }, { action: "approve", task: 3 }]);
    expect(forms.map((form) => [form.verb, form.task])).toEqual([["approve", 2], ["add-sign", 2], ["comment", undefined]]);
    expect(forms[1]?.asks).toEqual(["where", "users"]);
  });

  it("sends the version that was seen and only what belongs to it", () => {
    const [form] = formsOf([{ action: "return", task: 1 }]);
    expect(form && bodyOf(form, 7, given)).toEqual({ version: 7, comment: "ok", task: 1, to: "start", back: "here" });
  });

  it("asks for an opinion and for people where they are needed", () => {
    const [reject] = formsOf([{ action: "reject", task: 1 }]);
    const [sign] = formsOf([{ action: "add_sign", task: 1 }]);
    expect(reject && lacking(reject, { ...given, comment: " " })).toEqual(["comment"]);
    expect(sign && lacking(sign, given)).toEqual(["users"]);
  });
});

describe("who decides now", () => {
  it("is whoever has an open task in a visit that counts", () => {
    const task = (number: number, state: string): TaskView => ({ number, state }) as TaskView;
    const view = { steps: [{ visits: [{ void: true, tasks: [task(1, "open")] }, { void: false, tasks: [task(2, "approved"), task(3, "open")] }] }] } as unknown as ApprovalView;
    expect(waitingFor(view).map((item) => item.number)).toEqual([3]);
    expect(isOverdue({ state: "open", due_at: "2026-01-01T00:00:00Z" }, new Date("2026-01-02"))).toBe(true);
    expect(isOverdue({ state: "approved", due_at: "2026-01-01T00:00:00Z" }, new Date("2026-01-02"))).toBe(false);
  });
});

describe("the log", () => {
  it("says to whom something was passed", () => {
    expect(peopleOf({ user: "u1" })).toEqual(["u1"]);
    expect(peopleOf({ users: ["u1", "u2"] })).toEqual(["u1", "u2"]);
    expect(peopleOf({})).toEqual([]);
  });
});

describe("a running approval", () => {
  const view = { returned: false, starter_id: "u1", editable_fields: [] as string[] };

  it("opens all to whom the document was returned to, and to nobody else", () => {
    expect(openedBy({ ...view, returned: true }, "u1")).toBe("all");
    expect(openedBy({ ...view, returned: true }, "u2")).toBeNull();
    expect(openedBy(view, "u1")).toBeNull();
  });

  it("opens what the step lets its approvers write", () => {
    expect(openedBy({ ...view, editable_fields: ["remark", "lines"] }, "u2")).toEqual(new Set(["remark", "lines"]));
  });
});
