"""The course of an approval: entering steps, whether a visit is decided, moving on, the end."""

from __future__ import annotations

from datetime import timedelta

from cellkit.approval.definition import Flow, FlowStep
from cellkit.approval.illegal import Illegal
from cellkit.approval.state import ADMINISTRATORS, DISTINCT_STEP, RUNNING, Entry, Instance, Plan, Seat, Task, Visit

_DONE = frozenset({"approved", "passed"})


def enter(flow: Flow, instance: Instance, place: int, entry: Entry, *, again: bool = True) -> None:
    """Enter the step at ``place``, or the next one that asks somebody; after the last one the end."""
    while instance.status == RUNNING:
        if place >= len(flow.steps):
            finish(flow, instance, entry)
            return
        step = flow.steps[place]
        plan = instance.plans.get(step.key) or Plan(outcome="ask", seats=[Seat(pool=ADMINISTRATORS)], reason="empty")
        visit = _visit(instance, step.key, entry)
        if plan.outcome == "ask":
            _seat(flow, instance, step, visit, plan, entry, again=again)
            evaluate(flow, instance, visit.number, entry)
            return
        visit.state = {"skip": "skipped", "pass": "passed"}.get(plan.outcome, "rejected")
        visit.reason, visit.closed_at = plan.reason or plan.outcome, entry.at
        if plan.outcome == "reject":
            end(instance, "rejected", entry)
            return
        place, again = _following(flow, instance, place + 1), True


def _visit(instance: Instance, step: str, entry: Entry) -> Visit:
    visit = Visit(number=len(instance.visits) + 1, step=step, opened_at=entry.at)
    instance.visits.append(visit)
    return visit


def _seat(
    flow: Flow, instance: Instance, step: FlowStep, visit: Visit, plan: Plan, entry: Entry, *, again: bool
) -> None:
    known = instance.approvers
    for seat in plan.seats:
        task = new_task(instance, visit, entry, due_hours=step.due_hours)
        task.user, task.pool, task.instead_of = seat.user, seat.pool, seat.instead_of
        if again and flow.again == "skip" and seat.user is not None and seat.user in known:
            task.state, task.reason, task.decided_at = "approved", "again", entry.at
    if step.mode == "sequential":
        _next_turn(instance, visit, entry, step)


def new_task(instance: Instance, visit: Visit, entry: Entry, *, due_hours: int | None) -> Task:
    """A new open task of a visit."""
    task = Task(number=instance.next_task, visit=visit.number, step=visit.step, opened_at=entry.at)
    task.due_at = None if due_hours is None else entry.at + timedelta(hours=due_hours)
    instance.next_task += 1
    instance.tasks.append(task)
    return task


def seats(instance: Instance, visit: Visit) -> list[Task]:
    """The tasks whose results decide a visit."""
    return [task for task in instance.of_visit(visit) if task.parent is None]


def result(instance: Instance, task: Task) -> str:
    """``approved``, ``rejected`` or ``open``: a seat with those it asked before and after itself."""
    if task.state == "rejected":
        return "rejected"
    children = [item for item in instance.tasks if item.parent == task.number and item.relation in ("before", "after")]
    results = [result(instance, child) for child in children if child.state != "closed"]
    if "rejected" in results:
        return "rejected"
    return "approved" if task.state in _DONE and all(item == "approved" for item in results) else "open"


def evaluate(flow: Flow, instance: Instance, number: int, entry: Entry) -> None:
    """Decide a visit if it can be decided, and move on."""
    visit = instance.visits[number - 1]
    if visit.state != "open" or instance.status != RUNNING:
        return
    mode, ratio = "all", None
    if visit.step != DISTINCT_STEP:
        step = flow.step(visit.step)
        mode, ratio = step.mode, step.ratio
    found = [result(instance, task) for task in seats(instance, visit)]
    approved, rejected, total = found.count("approved"), found.count("rejected"), len(found)
    if mode == "any":
        passed, failed = approved > 0, rejected > 0
    elif mode == "ratio" and ratio is not None:
        passed, failed = approved >= ratio * total, total - rejected < ratio * total
    else:
        passed, failed = approved == total, rejected > 0
    if failed and not passed:
        close(instance, visit, "rejected", entry)
        end(instance, "rejected", entry)
    elif passed:
        close(instance, visit, "passed", entry)
        _after(flow, instance, visit, entry)
    elif mode == "sequential":
        _next_turn(instance, visit, entry, flow.step(visit.step))


def _next_turn(instance: Instance, visit: Visit, entry: Entry, step: FlowStep) -> None:
    """Of seats asked one after the other only the first undecided one is open."""
    asked = False
    for task in seats(instance, visit):
        if result(instance, task) != "open":
            continue
        if asked and task.state == "open":
            task.state = "waiting"
        elif not asked and task.state == "waiting" and not _has_open_children(instance, task):
            task.state, task.opened_at = "open", entry.at
            task.due_at = None if step.due_hours is None else entry.at + timedelta(hours=step.due_hours)
        asked = True


def _has_open_children(instance: Instance, task: Task) -> bool:
    return any(item.parent == task.number and item.state in ("open", "waiting") for item in instance.tasks)


def _after(flow: Flow, instance: Instance, visit: Visit, entry: Entry) -> None:
    if visit.step == DISTINCT_STEP:
        finish(flow, instance, entry)
        return
    move_on(flow, instance, flow.index(visit.step) + 1, entry)


def move_on(flow: Flow, instance: Instance, place: int, entry: Entry) -> None:
    """To the next step, or straight back to the step that had returned the document."""
    enter(flow, instance, _following(flow, instance, place), entry)


def _following(flow: Flow, instance: Instance, place: int) -> int:
    if instance.resume is None:
        return place
    resumed, instance.resume = instance.resume, None
    return len(flow.steps) if resumed == DISTINCT_STEP else flow.index(resumed)


def finish(flow: Flow, instance: Instance, entry: Entry) -> None:
    """The end of all steps: approved, unless fewer different users have approved than the flow wants."""
    missing = flow.distinct - len(instance.approvers)
    if missing <= 0:
        end(instance, "approved", entry)
        return
    visit = _visit(instance, DISTINCT_STEP, entry)
    visit.reason = "distinct"
    for _ in range(missing):
        new_task(instance, visit, entry, due_hours=None).pool = ADMINISTRATORS


def persons_may_take(flow: Flow, instance: Instance, task: Task, user: str) -> bool:
    """Whether a user, holding the pool, may take a task from it: no one twice in a visit, the starter if he may."""
    visit = instance.visits[task.visit - 1]
    if has_other_task(instance, task, user):
        return False
    if visit.step == DISTINCT_STEP:
        return user != instance.starter and user not in instance.approvers
    return user != instance.starter or flow.step(visit.step).starter == "keep"


def has_other_task(instance: Instance, task: Task, user: str) -> bool:
    """Whether a user has another task in the visit of this one."""
    visit = instance.visits[task.visit - 1]
    return any(
        item.user == user and item.number != task.number and item.state != "closed" for item in instance.of_visit(visit)
    )


def close(instance: Instance, visit: Visit, state: str, entry: Entry) -> None:
    """Close a visit; who was not asked any more keeps no task."""
    visit.state, visit.closed_at = state, entry.at
    for task in instance.of_visit(visit):
        if task.state in ("open", "waiting"):
            task.state = "closed"


def end(instance: Instance, status: str, entry: Entry) -> None:
    """The one final decision."""
    if instance.status != RUNNING:
        raise Illegal("ended")
    visit = instance.open_visit
    if visit is not None:
        close(instance, visit, status if status == "rejected" else "closed", entry)
    instance.status, instance.ended_at = status, entry.at
    instance.returned = instance.resume = None
