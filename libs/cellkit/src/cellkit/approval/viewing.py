"""An approval as its readers see it: the graph of steps, the log, the document, what they may do now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellkit.approval import rules, store
from cellkit.approval.definition import Flow
from cellkit.approval.directory import Question
from cellkit.approval.inbox import step_name
from cellkit.approval.rights import rights_of, tightened
from cellkit.approval.service import Approvals, editable
from cellkit.approval.state import ADMINISTRATORS, DISTINCT_STEP, Instance, Plan, Task
from cellkit.approval.store import Stored
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.tracked import public_row
from cellkit.read.projection import projection

if TYPE_CHECKING:
    from cellkit.pipeline.work import Work


async def view(work: Work, service: Approvals, stored: Stored) -> dict[str, Any]:
    """Everything about one approval."""
    language, role = work.caller.language, work.role
    instance, flow = stored.instance, stored.flow
    log = await store.log_of(work.connection, work.tenant_id, stored.id)
    names = {entry.actor: name for name, entry in log if name}
    pools = service.pools(work, stored)
    document = work.document(stored.entity)
    rows = await work.many(document, [stored.document_id])
    row = rows.get(stored.document_id)
    shown = None
    if row is not None:
        rights = await rights_of(work.connection, role, document, [row])
        seen = projection(document, tightened(role, document, rights.get(row["id"], {})))
        shown = seen.apply(public_row(document, row), language)
    _add_names(work, service, instance, names)
    return {
        "id": stored.id,
        "entity": stored.entity,
        "entity_label": document.label.text(language),
        "document_id": stored.document_id,
        "path": f"/api/v1/{work.engine.cell}/{document.plural}/{stored.document_id}",
        "title": stored.title,
        "status": stored.status,
        "version": stored.version,
        "flow_id": stored.flow_id,
        "flow_version": stored.flow_version,
        "starter_id": stored.starter_id,
        "starter_name": stored.starter_name,
        "started_at": stored.started_at,
        "ended_at": stored.ended_at,
        "returned": instance.returned is not None,
        "steps": _steps(flow, stored, names, language),
        "log": [_entry(name, entry, stored, language) for name, entry in log],
        "actions": rules.allowed(flow, instance, role.user_id, pools, admin=service.is_admin(work)),
        "return_targets": rules.returnable(flow, instance),
        "editable_fields": sorted(editable(stored, role.user_id, pools)),
        "document": shown,
    }


def _add_names(work: Work, service: Approvals, instance: Instance, names: dict[str, str]) -> None:
    """Names that are known already; nobody waits for identity to draw a page."""
    for task in instance.tasks:
        for user in (task.user, task.instead_of):
            if user is not None and user not in names:
                answer = service.directory.known(work.caller.tenant_id, Question("user", user))
                if answer is not None and answer.people:
                    names[user] = answer.people[0].display_name


def _steps(flow: Flow, stored: Stored, names: dict[str, str], language: str) -> list[dict[str, Any]]:
    instance = stored.instance
    current = instance.open_visit
    shown = [_step(flow, instance, step.key, names, stored, language) for step in flow.steps]
    if any(visit.step == DISTINCT_STEP for visit in instance.visits):
        shown.append(_step(flow, instance, DISTINCT_STEP, names, stored, language))
    for item in shown:
        item["current"] = current is not None and current.step == item["key"]
    return shown


def _step(
    flow: Flow, instance: Instance, key: str, names: dict[str, str], stored: Stored, language: str
) -> dict[str, Any]:
    step = None if key == DISTINCT_STEP else flow.step(key)
    visits = [visit for visit in instance.visits if visit.step == key]
    last = visits[-1] if visits else None
    planned = instance.plans.get(key)
    asked = [
        {"user_id": seat.user, "name": names.get(seat.user or ""), "instead_of": seat.instead_of, "pool": seat.pool}
        for seat in (planned.seats if planned is not None and last is None else ())
    ]
    return {
        "key": key,
        "name": step_name(dict(stored.source), key, language),
        "mode": "all" if step is None else step.mode,
        "due_hours": None if step is None else step.due_hours,
        "state": "coming" if last is None else last.state,
        "reason": (planned.reason if planned is not None else "") if last is None else last.reason,
        "planned": asked,
        "visits": [
            {
                "number": visit.number,
                "state": visit.state,
                "void": visit.void,
                "reason": visit.reason,
                "opened_at": visit.opened_at,
                "closed_at": visit.closed_at,
                "tasks": [_task(task, names) for task in instance.of_visit(visit)],
            }
            for visit in visits
        ],
    }


def _task(task: Task, names: dict[str, str]) -> dict[str, Any]:
    return {
        "number": task.number,
        "user_id": task.user,
        "name": names.get(task.user or ""),
        "instead_of": task.instead_of,
        "pool": "administrators" if task.pool == ADMINISTRATORS else task.pool,
        "state": task.state,
        "relation": task.relation,
        "parent": task.parent,
        "by": task.by,
        "opened_at": task.opened_at,
        "due_at": task.due_at,
        "decided_at": task.decided_at,
        "comment": task.comment,
        "reason": task.reason,
    }


def _entry(name: str, entry: Any, stored: Stored, language: str) -> dict[str, Any]:
    kept = {key: entry.data[key] for key in ("comment", "where", "users", "user", "task", "back", "changes", "tasks")
            if key in entry.data}  # fmt: skip
    target = entry.data.get("to")
    return {
        "action": entry.kind,
        "at": entry.at,
        "user_id": entry.actor,
        "name": name,
        **kept,
        **({"to": target, "to_name": step_name(dict(stored.source), target, language)} if target else {}),
    }


async def seen_plan(
    service: Approvals, role: RoleDocument, flow: Flow | None, plans: dict[str, Plan], language: str
) -> dict[str, Any]:
    """Who will be asked, as the starter sees it; ``needed`` False: it is approved at once."""
    if flow is None:
        return {"needed": False, "steps": []}

    def name(user: str | None) -> str | None:
        answer = service.directory.known(role.tenant_id, Question("user", user)) if user else None
        return answer.people[0].display_name if answer is not None and answer.people else None

    steps = []
    for step in flow.steps:
        plan = plans[step.key]
        choose = next((who for who in step.who if who["kind"] == "choice"), None)
        steps.append(
            {
                "key": step.key,
                "name": step.name.text(language),
                "mode": step.mode,
                "outcome": plan.outcome,
                "reason": plan.reason,
                "due_hours": step.due_hours,
                "choose": choose and {"least": choose.get("least", 1), "most": choose.get("most", 20)},
                "asked": [
                    {
                        "user_id": seat.user,
                        "name": name(seat.user),
                        "instead_of": seat.instead_of,
                        "pool": "administrators" if seat.pool == ADMINISTRATORS else seat.pool,
                    }
                    for seat in plan.seats
                ],
            }
        )
    return {"needed": True, "distinct": flow.distinct, "steps": steps}
