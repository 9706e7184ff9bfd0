"""Instances in the database: read under a lock, written with their log, their tasks and who took part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cellkit.approval.definition import Flow, read_flow
from cellkit.approval.state import ADMINISTRATORS, DISTINCT_STEP, RUNNING, Entry, Instance, Task, from_json, to_json
from cellkit.db.pool import JsonText
from cellkit.http.messages import from_json as decode
from cellkit.http.messages import to_json as encode

if TYPE_CHECKING:
    from cellkit.pipeline.work import Work

_COLUMNS = (
    "id, entity, document_id, title, verb, parameters, "
    "flow_id, flow_version, flow, state, status, starter_id, starter_name, owner_id, "
    "department_id, version, started_at, updated_at, ended_at"
)
_RUNNING = f"""
SELECT {_COLUMNS} FROM kit_approval
WHERE tenant_id = $1 AND entity = $2 AND document_id = $3 AND status = 'running' FOR UPDATE
"""
_ONE = f"SELECT {_COLUMNS} FROM kit_approval WHERE tenant_id = $1 AND id = $2"
_LATEST = f"""
SELECT {_COLUMNS} FROM kit_approval WHERE tenant_id = $1 AND entity = $2 AND document_id = $3 ORDER BY id DESC LIMIT 1
"""
_INSERT = """
INSERT INTO kit_approval (tenant_id, id, entity, document_id, title, flow_id, flow_version, flow, state, status, step,
    starter_id, starter_name, owner_id, department_id, version, started_at, updated_at, verb, parameters)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, $16, $16, $17, $18) ON CONFLICT DO NOTHING
RETURNING 1
"""
_UPDATE = """
UPDATE kit_approval SET state = $3, status = $4, step = $5, title = $6, owner_id = $7, department_id = $8,
    version = version + 1, updated_at = $9, ended_at = $10, parameters = $11
WHERE tenant_id = $1 AND id = $2
"""
_ENTRY = """
INSERT INTO kit_approval_entry (tenant_id, instance_id, number, kind, at, actor, actor_name, data)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_TASKS = """
INSERT INTO kit_approval_task (tenant_id, instance_id, number, entity, document_id, step, state, user_id, pool, barred,
    instead_of, fields, opened_at, due_at)
SELECT $1, $2, x.number, $3, $4, x.step, x.state, x.user_id, x.pool,
    ARRAY(SELECT jsonb_array_elements_text(x.barred)), x.instead_of, x.fields, x.opened_at, x.due_at
FROM unnest($5::int[], $6::text[], $7::text[], $8::text[], $9::text[], $10::jsonb[], $11::text[], $12::jsonb[],
    $13::timestamptz[], $14::timestamptz[])
    AS x(number, step, state, user_id, pool, barred, instead_of, fields, opened_at, due_at)
ON CONFLICT (tenant_id, instance_id, number) DO UPDATE SET state = excluded.state, user_id = excluded.user_id,
    pool = excluded.pool, barred = excluded.barred, instead_of = excluded.instead_of, opened_at = excluded.opened_at,
    due_at = excluded.due_at
"""
_GONE = "DELETE FROM kit_approval_task WHERE tenant_id = $1 AND instance_id = $2 AND NOT number = ANY($3)"
_PART = """
INSERT INTO kit_approval_part (tenant_id, user_id, box, instance_id, entity, at)
SELECT $1, x.user_id, $3, $2, $4, $5 FROM unnest($6::text[]) AS x(user_id)
ON CONFLICT (tenant_id, user_id, box, instance_id) DO UPDATE SET at = excluded.at
"""


@dataclass(slots=True)
class Stored:
    """An instance as it is kept. ``source``: the flow's definition it was started with."""

    id: UUID
    entity: str
    document_id: UUID
    title: str
    flow_id: UUID | None
    flow_version: int
    source: dict[str, Any]
    instance: Instance
    status: str
    starter_id: str
    starter_name: str
    owner_id: str | None
    department_id: str | None
    version: int
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None
    verb: str | None = None
    parameters: dict[str, Any] | None = None

    @property
    def flow(self) -> Flow:
        """The flow of this instance, enough to apply its rules."""
        return _flow(encode(self.source))

    @property
    def step_name(self) -> tuple[str, str]:
        """The open step's key, and for whom it waits when it is none of the flow's."""
        visit = self.instance.open_visit
        return ("" if visit is None else visit.step, "start" if self.instance.returned is not None else "")


@lru_cache(maxsize=500)
def _flow(source: bytes) -> Flow:
    return read_flow(decode(source))


def _stored(record: Any) -> Stored:
    values = dict(record)
    values["source"] = values.pop("flow")
    values["instance"] = from_json(values.pop("state"))
    return Stored(**values)


async def running(work: Work, entity: str, document_id: UUID) -> Stored | None:
    """The running approval of a document, locked until the work ends."""
    await work.begin()
    record = await work.connection.fetchrow(_RUNNING, work.tenant_id, entity, document_id)
    return None if record is None else _stored(record)


async def one(connection: Any, tenant_id: UUID, key: UUID, *, lock: bool = False) -> Stored | None:
    """An instance by its id."""
    record = await connection.fetchrow(_ONE + (" FOR UPDATE" if lock else ""), tenant_id, key)
    return None if record is None else _stored(record)


async def latest(connection: Any, tenant_id: UUID, entity: str, document_id: UUID) -> Stored | None:
    """The newest approval of a document."""
    record = await connection.fetchrow(_LATEST, tenant_id, entity, document_id)
    return None if record is None else _stored(record)


async def log_of(connection: Any, tenant_id: UUID, key: UUID) -> list[tuple[str, Entry]]:
    """The log: (name of the actor, entry)."""
    records = await connection.fetch(
        "SELECT kind, at, actor, actor_name, data FROM kit_approval_entry "
        "WHERE tenant_id = $1 AND instance_id = $2 ORDER BY number",
        tenant_id,
        key,
    )
    return [
        (record["actor_name"], Entry(record["kind"], record["at"], record["actor"], record["data"]))
        for record in records
    ]


async def insert(work: Work, stored: Stored, entry: Entry, name: str) -> bool:
    """Write a new instance; False when the document has a running one."""
    await work.begin()
    made = await work.connection.fetchval(
        _INSERT, work.tenant_id, stored.id, stored.entity, stored.document_id, stored.title, stored.flow_id,
        stored.flow_version, stored.source, to_json(stored.instance), stored.status, _step(stored.instance),
        stored.starter_id, stored.starter_name, stored.owner_id, stored.department_id, stored.started_at,
        stored.verb, stored.parameters,
    )  # fmt: skip
    if made is None:
        return False
    await _log(work, stored, entry, name)
    await _tasks(work, stored, {})
    return True


async def update(work: Work, stored: Stored, before: Instance, entry: Entry, name: str) -> None:
    """Write what an entry changed."""
    await work.connection.execute(
        _UPDATE, work.tenant_id, stored.id, to_json(stored.instance), stored.status, _step(stored.instance),
        stored.title, stored.owner_id, stored.department_id, work.now, stored.ended_at,
        stored.parameters,
    )  # fmt: skip
    await _log(work, stored, entry, name)
    await _tasks(work, stored, {task.number: task for task in before.tasks})
    stored.version += 1


async def take_part(work: Work, stored: Stored, box: str, users: Iterable[str]) -> None:
    """Remember who acted (``done``) or was sent a copy (``cc``)."""
    listed = sorted({user for user in users if user})
    if listed:
        await work.connection.execute(_PART, work.tenant_id, stored.id, box, stored.entity, work.now, listed)


async def _log(work: Work, stored: Stored, entry: Entry, name: str) -> None:
    await work.connection.execute(
        _ENTRY, work.tenant_id, stored.id, stored.instance.length, entry.kind, entry.at, entry.actor, name, entry.data
    )


async def _tasks(work: Work, stored: Stored, before: dict[int, Task]) -> None:
    instance, flow = stored.instance, stored.flow
    changed = [task for task in instance.tasks if before.get(task.number) != task]
    gone = before.keys() - {task.number for task in instance.tasks}
    # Who may not take a task of a pool depends on who has taken the others, so open ones are always written.
    changed += [task for task in instance.tasks if task.state == "open" and task.pool and task not in changed]
    if changed:
        columns: Sequence[Sequence[Any]] = list(
            zip(*(_task_row(work.engine.cell, flow, instance, task) for task in changed), strict=True)
        )
        await work.connection.execute(
            _TASKS, work.tenant_id, stored.id, stored.entity, stored.document_id, *(list(item) for item in columns)
        )
    if gone:
        await work.connection.execute(_GONE, work.tenant_id, stored.id, [task.number for task in instance.tasks])


def _task_row(cell: str, flow: Flow, instance: Instance, task: Task) -> tuple[Any, ...]:
    state = task.state if task.state in ("open", "waiting", "closed") else "done"
    rights = None if task.step == DISTINCT_STEP else dict(flow.step(task.step).fields) or None
    return (
        task.number, task.step, state, task.user, pool_permission(cell, task.pool),
        JsonText(encode(barred(flow, instance, task)).decode()), task.instead_of,
        None if rights is None else JsonText(encode(rights).decode()), task.opened_at, task.due_at,
    )  # fmt: skip


def pool_permission(cell: str, pool: str | None) -> str | None:
    """The permission behind a pool."""
    return f"{cell}.approval_flow.administer" if pool == ADMINISTRATORS else pool


def barred(flow: Flow, instance: Instance, task: Task) -> list[str]:
    """Who may not take a task of a pool, whatever he holds."""
    from cellkit.approval.course import persons_may_take  # noqa: PLC0415 - the rules need not load for a list

    if task.pool is None or task.user is not None or task.state != "open":
        return []
    known = {item.user for item in instance.tasks if item.user is not None} | {instance.starter}
    return sorted(user for user in known if not persons_may_take(flow, instance, task, user))


def _step(instance: Instance) -> str:
    if instance.status != RUNNING:
        return ""
    visit = instance.open_visit
    return "start" if visit is None else visit.step
