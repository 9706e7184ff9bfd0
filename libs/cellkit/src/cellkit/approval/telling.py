"""What an approval tells: audit entries, events, notices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cellkit.approval.state import ADMINISTRATORS, ENDED, SYSTEM, Entry, Instance, Task
from cellkit.approval.store import Stored
from cellkit.labels import L, Label

if TYPE_CHECKING:
    from cellkit.pipeline.work import Work

PAST = {
    "start": "started",
    "approve": "step_approved",
    "reject": "step_rejected",
    "return": "returned",
    "resubmit": "resubmitted",
    "withdraw": "withdrawn",
    "cancel": "cancelled",
    "hand": "handed_over",
    "transfer": "transferred",
    "delegate": "delegated",
    "add_sign": "signers_added",
    "cc": "copied",
    "urge": "urged",
    "comment": "commented",
    "recall": "recalled",
    "due": "overdue",
}
"""Action → the past word of its event ``<cell>.approval.<past>.v1``; the end is told as well."""
_ENDS = {
    "approved": L("“{title}”已批准", "“{title}” was approved"),
    "rejected": L("“{title}”被驳回", "“{title}” was rejected"),
    "cancelled": L("“{title}”的审批已取消", "The approval of “{title}” was cancelled"),
}
_TASK = L("请审批“{title}”", "Please decide on “{title}”")
_FROM = L("{starter} 提交，当前步骤：{step}", "Submitted by {starter}, step: {step}")
_COPY = L("抄送：“{title}”", "Copy: “{title}”")
_URGED = L("催办：“{title}”", "Reminder: “{title}”")
_OVERDUE = L("审批已超时：“{title}”", "Overdue: “{title}”")
_RETURNED = L("“{title}”被退回", "“{title}” was returned to you")
_OPINION = L("意见：{comment}", "Comment: {comment}")


def published(cell: str) -> list[str]:
    """The event types of a cell's approvals."""
    words = {*PAST.values(), "approved", "rejected"}
    return sorted(f"{cell}.approval.{word}.v1" for word in words)


def tell(work: Work, stored: Stored, before: Instance | None, entry: Entry, name: str) -> None:
    """Audit, event and notices of one entry."""
    instance, cell = stored.instance, work.engine.cell
    step, waiting = stored.step_name
    asked = [task.user for task in instance.tasks if task.state == "open" and task.user is not None]
    data: dict[str, Any] = {
        "instance_id": str(stored.id),
        "entity": stored.entity,
        "document_id": str(stored.document_id),
        "title": stored.title,
        "status": stored.status,
        "step": step or waiting,
        "by": entry.actor,
        "by_name": name,
        "starter_id": stored.starter_id,
        "asked": asked,
    }
    shown = {key: entry.data[key] for key in _SHOWN if key in entry.data}
    work.record(f"{stored.entity}.approval_{entry.kind}", stored.entity, str(stored.document_id), {**data, **shown})
    key = str(stored.document_id)
    work.emit(f"{cell}.approval.{PAST[entry.kind]}.v1", stored.id, {**data, **shown}, key=key)
    if stored.status in ("approved", "rejected") and (before is None or before.status not in ENDED):
        work.emit(f"{cell}.approval.{stored.status}.v1", stored.id, {**data, **shown}, key=key)
    _notices(work, stored, before, entry)


_SHOWN = ("comment", "to", "back", "where", "users", "user", "task", "changes", "tasks")


def _notices(work: Work, stored: Stored, before: Instance | None, entry: Entry) -> None:
    instance = stored.instance
    known = {} if before is None else {task.number: task for task in before.tasks}
    fresh = [task for task in instance.tasks if task.state == "open" and _is_new(known.get(task.number), task)]
    _notify(work, stored, (task.user for task in fresh), "task", _TASK, _FROM, must_read=True)
    comment = entry.data.get("comment")
    text = _OPINION if comment else _FROM
    if stored.status in _ENDS and entry.actor != stored.starter_id:
        _notify(work, stored, [stored.starter_id], "ended", _ENDS[stored.status], text, comment)
    if entry.kind == "return" and instance.returned is not None:
        _notify(work, stored, [stored.starter_id], "returned", _RETURNED, text, comment, must_read=True)
    if entry.kind == "cc":
        _notify(work, stored, entry.data.get("users", ()), "copy", _COPY, text, comment)
    if entry.kind in ("urge", "due"):
        late = [task for task in instance.tasks if task.state == "open" and task not in fresh]
        if entry.kind == "due":
            late = [task for task in late if task.number in entry.data.get("tasks", ())]
        _notify(
            work, stored, (task.user for task in late), entry.kind, _URGED if entry.kind == "urge" else _OVERDUE, _FROM
        )


def _is_new(old: Task | None, task: Task) -> bool:
    return old is None or old.state != "open" or old.user != task.user


def tell_copies(work: Work, stored: Stored, users: Iterable[str]) -> None:
    """Notices of the copies that a flow sends at the end."""
    _notify(work, stored, users, "copy", _COPY, _FROM)


def _notify(
    work: Work,
    stored: Stored,
    users: Iterable[str | None],
    kind: str,
    title: Label,
    text: Label,
    comment: str | None = None,
    *,
    must_read: bool = False,
) -> None:
    readers = sorted({user for user in users if user and user not in (work.caller.user_id, SYSTEM, ADMINISTRATORS)})
    if not readers:
        return
    step, _ = stored.step_name
    name = next((item.name for item in stored.flow.steps if item.key == step), L(step, step))
    table = work.engine.tables[stored.entity]
    values = {"title": f"{table.label.zh} {stored.title}", "starter": stored.starter_name, "comment": comment or ""}
    cell = work.engine.cell
    work.notify(
        readers,
        f"{cell}.approval.{kind}",
        title,
        text,
        link=f"/{cell}/approvals/{stored.id}",
        document=(stored.entity, stored.document_id),
        must_read=must_read,
        values={**values, "step": name.zh},
    )
