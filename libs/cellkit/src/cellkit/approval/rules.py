"""The approval engine: pure functions. ``replay(flow, log)`` is the state; everything else derives from it.

``act`` takes one entry of the log and answers the next state, or raises :class:`Illegal` and changes nothing. What the
engine cannot know (who leads a department, whether a condition holds, which pools somebody may take from) stands in
the entry as it was when it happened, so that the log alone tells the state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import msgspec

from cellkit.approval import signing
from cellkit.approval.course import close, end, enter, evaluate, has_other_task, move_on, persons_may_take
from cellkit.approval.definition import START, Flow
from cellkit.approval.illegal import Illegal
from cellkit.approval.state import ADMINISTRATORS, RUNNING, SYSTEM, Entry, Instance, Plan, Returned, Task, Undo

DECISIONS = frozenset(
    ["approve", "reject", "return", "resubmit", "withdraw", "add_sign", "transfer", "delegate", "hand", "due", "cancel"]
)
"""What changes the course; comments, copies and reminders do not."""
MOST_TASKS = 500


def replay(flow: Flow, log: Iterable[Entry]) -> Instance:
    """The state that a log leads to; raises :class:`Illegal` where an entry could not have happened."""
    instance = Instance()
    for entry in log:
        instance = act(flow, instance, entry)
    return instance


def act(flow: Flow, instance: Instance, entry: Entry) -> Instance:
    """The state after an entry; the given one is not touched."""
    if (entry.kind == "start") != (instance.status == ""):
        raise Illegal("order")
    before = msgspec.to_builtins(instance)
    changed = msgspec.convert(before, Instance)
    if entry.kind == "recall":
        changed = _recall(changed, entry)
    else:
        action = _ACTIONS.get(entry.kind)
        if action is None:
            raise Illegal("unknown")
        if entry.kind not in ("start", "comment", "cc") and instance.status != RUNNING:
            raise Illegal("ended")
        action(flow, changed, entry)
        if len(changed.tasks) > MOST_TASKS:
            raise Illegal("too_many")
        if entry.kind in DECISIONS and not (entry.kind == "due" and not _decided_anything(instance, changed)):
            changed.undo = None
            if entry.kind == "approve" and changed.status == RUNNING:
                changed.undo = Undo(entry.actor, {**before, "undo": None})
    changed.length = instance.length + 1
    return changed


def _decided_anything(before: Instance, after: Instance) -> bool:
    states = {task.number: (task.state, task.user) for task in before.tasks}
    return after.status != RUNNING or any(states.get(task.number) != (task.state, task.user) for task in after.tasks)


def _start(flow: Flow, instance: Instance, entry: Entry) -> None:
    instance.status, instance.starter, instance.started_at = RUNNING, entry.actor, entry.at
    instance.department = entry.data.get("department")
    instance.choice = dict(entry.data.get("choice", {}))
    _take_plans(instance, entry)
    enter(flow, instance, 0, entry)


def _take_plans(instance: Instance, entry: Entry) -> None:
    """What is known anew of the steps to come."""
    given = entry.data.get("plans")
    if given:
        instance.plans |= msgspec.convert(given, dict[str, Plan])


def task_of(flow: Flow, instance: Instance, entry: Entry) -> Task:
    """The task that somebody acts on; raises :class:`Illegal` when none is his."""
    wanted = entry.data.get("task")
    found = [
        task
        for task in instance.tasks
        if task.state == "open"
        and (wanted is None or task.number == wanted)
        and may_take(flow, instance, task, entry.actor, entry.data.get("pools", ()))
    ]
    if not found:
        pool = next((task for task in instance.tasks if task.state == "open" and task.pool is not None), None)
        if pool is not None and pool.pool in entry.data.get("pools", ()) and entry.actor == instance.starter:
            raise Illegal("starter")
        raise Illegal("not_yours")
    # His own task goes before one that anybody may take.
    return min(found, key=lambda task: (task.user is None, task.number))


def may_take(flow: Flow, instance: Instance, task: Task, user: str, pools: Iterable[str]) -> bool:
    """Whether an open task is this user's to decide."""
    if task.user is not None:
        return user == task.user or (user == task.instead_of and not has_other_task(instance, task, user))
    return any(pool == task.pool for pool in pools) and persons_may_take(flow, instance, task, user)


def _approve(flow: Flow, instance: Instance, entry: Entry) -> None:
    task = task_of(flow, instance, entry)
    _take_plans(instance, entry)
    _decide(task, "approved", entry)
    if task.relation == "delegate":
        signing.give_back(flow, instance, task, entry)
        return
    signing.wake_parent(flow, instance, task, entry)
    evaluate(flow, instance, task.visit, entry)


def _reject(flow: Flow, instance: Instance, entry: Entry) -> None:
    task = task_of(flow, instance, entry)
    _take_plans(instance, entry)
    _decide(task, "rejected", entry)
    if task.relation == "delegate":
        signing.give_back(flow, instance, task, entry)
        return
    evaluate(flow, instance, task.visit, entry)


def _decide(task: Task, state: str, entry: Entry) -> None:
    if task.user is not None and task.user != entry.actor:
        # Who delegated his tasks may still decide one himself.
        task.user, task.instead_of = entry.actor, None
    task.user = entry.actor
    task.state, task.decided_at, task.comment = state, entry.at, entry.data.get("comment")


def returnable(flow: Flow, instance: Instance) -> list[str]:
    """The steps that the open visit may return to, the starter first."""
    visit = instance.open_visit
    if visit is None:
        return []
    here = _place(flow, visit.step)
    taken = {item.step for item in instance.visits if item.state == "passed" and item.reason == "" and not item.void}
    return [START, *(step.key for step in flow.steps[:here] if step.key in taken)]


def _place(flow: Flow, step: str) -> int:
    try:
        return flow.index(step)
    except KeyError:
        return len(flow.steps)


def _return(flow: Flow, instance: Instance, entry: Entry) -> None:
    task = task_of(flow, instance, entry)
    if task.relation in ("delegate", "before", "after"):
        raise Illegal("seat_only")
    target, back = entry.data.get("to", START), entry.data.get("back", "through")
    if target not in returnable(flow, instance) or back not in ("here", "through"):
        raise Illegal("target")
    _take_plans(instance, entry)
    _decide(task, "returned", entry)
    visit = instance.visits[task.visit - 1]
    close(instance, visit, "returned", entry)
    visit.void = True
    first = 0 if target == START else flow.index(target)
    for item in instance.visits:
        place = _place(flow, item.step)
        if place >= first and (back == "through" or item.step == target):
            item.void = True
    if target == START:
        instance.returned, instance.resume = Returned(visit.step, back), None
        return
    instance.resume = visit.step if back == "here" else None
    enter(flow, instance, first, entry, again=False)


def _resubmit(flow: Flow, instance: Instance, entry: Entry) -> None:
    returned = instance.returned
    if returned is None or entry.actor != instance.starter:
        raise Illegal("not_returned")
    _take_plans(instance, entry)
    instance.choice |= entry.data.get("choice", {})
    instance.returned = None
    if returned.back == "here":
        place = _place(flow, returned.step)
        if place < len(flow.steps):
            enter(flow, instance, place, entry)
        else:
            move_on(flow, instance, len(flow.steps), entry)
    else:
        enter(flow, instance, 0, entry)


def _withdraw(flow: Flow, instance: Instance, entry: Entry) -> None:
    if not entry.data.get("admin"):
        if entry.actor != instance.starter and not entry.data.get("permitted"):
            raise Illegal("starter_only")
        if flow.withdraw is False or (flow.withdraw == "untouched" and instance.approvers - {entry.actor}):
            raise Illegal("withdraw")
    end(instance, "withdrawn", entry)


def _cancel(_flow: Flow, instance: Instance, entry: Entry) -> None:
    if entry.actor != SYSTEM and not entry.data.get("by"):
        raise Illegal("not_yours")
    end(instance, "cancelled", entry)


def _hand(_flow: Flow, instance: Instance, entry: Entry) -> None:
    """An administrator gives an open task to somebody else."""
    task = instance.task(entry.data.get("task", 0))
    if not entry.data.get("admin") or task is None or task.state != "open":
        raise Illegal("not_yours")
    signing.hand(_flow, instance, task, entry.data.get("user", ""), entry)


def _transfer(flow: Flow, instance: Instance, entry: Entry) -> None:
    signing.hand(flow, instance, task_of(flow, instance, entry), entry.data.get("user", ""), entry)


def _delegate(flow: Flow, instance: Instance, entry: Entry) -> None:
    signing.delegate(flow, instance, task_of(flow, instance, entry), entry.data.get("user", ""), entry)


def _add_sign(flow: Flow, instance: Instance, entry: Entry) -> None:
    _take_plans(instance, entry)
    signing.add(flow, instance, task_of(flow, instance, entry), entry)


def _urge(flow: Flow, instance: Instance, entry: Entry) -> None:
    if entry.actor != instance.starter:
        raise Illegal("starter_only")
    if instance.returned is not None:
        raise Illegal("returned")
    if instance.urged_at is not None and entry.at < instance.urged_at + timedelta(minutes=flow.urge_minutes):
        raise Illegal("urged")
    instance.urged_at = entry.at


def _recall(instance: Instance, entry: Entry) -> Instance:
    if instance.status != RUNNING:
        raise Illegal("ended")
    if instance.undo is None or instance.undo.actor != entry.actor:
        raise Illegal("recall")
    restored = msgspec.convert(instance.undo.state, Instance)
    # Numbers of tasks are used once, so that nobody decides a task that was another one when he saw it.
    restored.next_task, restored.urged_at = instance.next_task, instance.urged_at
    return restored


def overdue(instance: Instance, at: Any) -> list[Task]:
    """The open tasks whose limit has passed."""
    if instance.status != RUNNING:
        return []
    return [task for task in instance.tasks if task.state == "open" and task.due_at is not None and task.due_at <= at]


def _due(flow: Flow, instance: Instance, entry: Entry) -> None:
    if entry.actor != SYSTEM:
        raise Illegal("not_yours")
    late = overdue(instance, entry.at)
    if not late:
        raise Illegal("not_due")
    _take_plans(instance, entry)
    for task in late:
        if task.state != "open":
            continue
        step = flow.step(task.step)
        if step.on_due == "hand" and entry.data.get("hand_to") and task.reminders == 0:
            signing.take_over(instance, task, entry.data["hand_to"], entry)
        elif step.on_due in ("pass", "reject"):
            task.state = "passed" if step.on_due == "pass" else "rejected"
            task.reason, task.decided_at = "due", entry.at
            signing.wake_parent(flow, instance, task, entry)
            evaluate(flow, instance, task.visit, entry)
        else:
            task.reminders += 1
        if task.state == "open":
            task.due_at = entry.at + timedelta(hours=step.due_hours or 24)


def _nothing(_flow: Flow, _instance: Instance, _entry: Entry) -> None:
    """It stands in the log and changes nothing."""


_ACTIONS: dict[str, Callable[[Flow, Instance, Entry], None]] = {
    "start": _start,
    "approve": _approve,
    "reject": _reject,
    "return": _return,
    "resubmit": _resubmit,
    "withdraw": _withdraw,
    "cancel": _cancel,
    "hand": _hand,
    "transfer": _transfer,
    "delegate": _delegate,
    "add_sign": _add_sign,
    "urge": _urge,
    "comment": _nothing,
    "cc": _nothing,
    "due": _due,
}


def allowed(flow: Flow, instance: Instance, user: str, pools: Iterable[str], *, admin: bool) -> list[dict[str, Any]]:
    """What a user may do now: ``{"action", "task"?}``."""
    held = tuple(pools)
    found: list[dict[str, Any]] = []
    if instance.status == RUNNING:
        for task in instance.tasks:
            if task.state == "open" and may_take(flow, instance, task, user, held):
                verbs = ["approve", "reject", "add_sign", "delegate"]
                verbs += ["transfer"] if task.pool is None or task.user is not None else []
                verbs += ["return"] if task.relation in ("seat", "parallel") else []
                found += [{"action": verb, "task": task.number} for verb in verbs]
            if admin and task.state == "open":
                found.append({"action": "hand", "task": task.number})
        found += [{"action": verb} for verb in _of_starter(flow, instance, user, admin=admin)]
        if instance.undo is not None and instance.undo.actor == user:
            found.append({"action": "recall"})
    return [*found, {"action": "comment"}, {"action": "cc"}]


def _of_starter(flow: Flow, instance: Instance, user: str, *, admin: bool) -> list[str]:
    if user != instance.starter:
        return ["withdraw"] if admin else []
    verbs = ["resubmit"] if instance.returned is not None else ["urge"]
    if admin or flow.withdraw is True or (flow.withdraw == "untouched" and not instance.approvers - {user}):
        verbs.append("withdraw")
    return verbs


__all__ = ["ADMINISTRATORS", "Illegal", "act", "allowed", "overdue", "replay", "returnable", "task_of"]
