"""Others drawn into a task: asked before, after or beside it, handed on, delegated with return."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from cellkit.approval.course import evaluate, new_task, persons_may_take
from cellkit.approval.definition import Flow
from cellkit.approval.illegal import Illegal
from cellkit.approval.state import DISTINCT_STEP, Entry, Instance, Task

WHERE = ("before", "after", "parallel")


def add(flow: Flow, instance: Instance, task: Task, entry: Entry) -> None:
    """Ask others too: ``before`` the actor decides, ``after`` him (he approves now), or ``parallel`` to him."""
    where, users = entry.data.get("where"), entry.data.get("users", [])
    if where not in WHERE or not users:
        raise Illegal("target")
    if len(set(users)) != len(users):
        raise Illegal("already")
    if task.relation == "delegate":
        raise Illegal("seat_only")
    visit = instance.visits[task.visit - 1]
    for user in users:
        _check_new(flow, instance, task, user, entry)
    if task.user is None:
        task.user = entry.actor
    for user in users:
        made = new_task(instance, visit, entry, due_hours=_hours(flow, task))
        made.user, made.by = user, entry.actor
        if where == "parallel" and task.parent is None:
            made.relation = "parallel"
        else:
            made.relation = "after" if where == "after" else "before" if where == "before" else task.relation
            made.parent = task.parent if where == "parallel" else task.number
    if where == "before":
        task.state = "waiting"
    elif where == "after":
        task.user, task.state = entry.actor, "approved"
        task.decided_at, task.comment = entry.at, entry.data.get("comment")
        wake_parent(flow, instance, task, entry)
    evaluate(flow, instance, visit.number, entry)


def hand(flow: Flow, instance: Instance, task: Task, user: str, entry: Entry) -> None:
    """Hand a task on for good."""
    _check_new(flow, instance, task, user, entry)
    if task.pool is not None and task.user is None and not persons_may_take(flow, instance, task, user):
        raise Illegal("already")
    task.user, task.instead_of, task.by = user, None, entry.actor
    task.opened_at, task.due_at = entry.at, _due(flow, task, entry)


def delegate(flow: Flow, instance: Instance, task: Task, user: str, entry: Entry) -> None:
    """Let somebody look at it first; the task comes back with his opinion."""
    _check_new(flow, instance, task, user, entry)
    if task.user is None:
        task.user = entry.actor
    made = new_task(instance, instance.visits[task.visit - 1], entry, due_hours=_hours(flow, task))
    made.user, made.by, made.relation, made.parent = user, entry.actor, "delegate", task.number
    task.state = "waiting"


def give_back(flow: Flow, instance: Instance, task: Task, entry: Entry) -> None:
    """A delegated task has been looked at: it is its owner's again."""
    owner = instance.task(task.parent or 0)
    if owner is not None and owner.state == "waiting":
        owner.state, owner.opened_at, owner.due_at = "open", entry.at, _due(flow, owner, entry)


def take_over(instance: Instance, task: Task, users: Sequence[str], entry: Entry) -> None:
    """An overdue task goes to the first of ``users`` who is not in this visit yet."""
    visit = instance.visits[task.visit - 1]
    busy = {item.user for item in instance.of_visit(visit) if item.state != "closed"} | {instance.starter}
    chosen = next((user for user in users if user not in busy), None)
    if chosen is not None:
        task.user, task.instead_of, task.by, task.opened_at = chosen, None, entry.actor, entry.at
    task.reminders += 1


def wake_parent(flow: Flow, instance: Instance, task: Task, entry: Entry) -> None:
    """Whoever asked others before himself decides when all of them have approved."""
    parent = instance.task(task.parent or 0)
    if parent is None or task.relation != "before" or parent.state != "waiting":
        return
    asked = [item for item in instance.tasks if item.parent == parent.number and item.relation == "before"]
    if all(item.state in ("approved", "passed", "closed") for item in asked):
        parent.state, parent.opened_at, parent.due_at = "open", entry.at, _due(flow, parent, entry)


def _check_new(flow: Flow, instance: Instance, task: Task, user: str, entry: Entry) -> None:
    visit = instance.visits[task.visit - 1]
    if not user or (user == entry.actor and entry.kind != "hand"):
        raise Illegal("already")
    if any(item.user == user for item in instance.of_visit(visit) if item.state != "closed"):
        raise Illegal("already")
    may_keep = visit.step != DISTINCT_STEP and flow.step(visit.step).starter == "keep"
    if user == instance.starter and not may_keep:
        raise Illegal("starter")
    if visit.step == DISTINCT_STEP and user in instance.approvers:
        raise Illegal("already")


def _hours(flow: Flow, task: Task) -> int | None:
    return None if task.step == DISTINCT_STEP else flow.step(task.step).due_hours


def _due(flow: Flow, task: Task, entry: Entry) -> datetime | None:
    hours = _hours(flow, task)
    return None if hours is None else entry.at + timedelta(hours=hours)
