"""The queue: entries of the library's table, put there in the transaction that asks for the job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.db.pool import Database, JsonText
from cellkit.ids import uuid7
from cellkit.jobs.declare import Job
from cellkit.jobs.rules import priority_behind

if TYPE_CHECKING:
    from pgqueuer.domain.settings import DBSettings
    from pgqueuer.queries import Queries

ENTRYPOINT = "job"
PREFIX = "kit_"
_LANE = 1000
_ID_BYTES = 16

_STANDING = f"""
SELECT (SELECT count(*) FROM (
        SELECT FROM kit_job WHERE tenant_id = $1 AND state = 'waiting' AND run_at <= $4 LIMIT {_LANE}) w) AS waiting,
    (SELECT id FROM kit_job WHERE tenant_id = $1 AND name = $2 AND key = $3 AND state = 'waiting') AS same
"""
_INSERT = """
INSERT INTO kit_job (tenant_id, id, name, state, key, alone, schedule, payload, asked_by, language, time_zone, address,
    request_id, traceparent, created_at, run_at, queue_id)
VALUES ($1, $2, $3, 'waiting', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (tenant_id, name, key) WHERE state = 'waiting' AND key IS NOT NULL DO NOTHING RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants a job and how he reads."""

    user_id: str
    language: str
    time_zone: str
    address: str
    request_id: str
    traceparent: str


class Sessions:
    """The library's driver on the cell's own pool, open to the rows of all tenants.

    Nobody listens on a connection: whoever puts a job into the queue in this process calls :meth:`changed` after his
    commit, and the queues of other processes are looked at every few seconds.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: list[Callable[[str], None]] = []

    async def fetch(self, query: str, *args: Any) -> list[dict[str, Any]]:
        """Rows of a statement."""
        async with self._database.session(SYSTEM_TENANT) as connection:
            return [dict(record) for record in await connection.fetch(query, *map(_json_safe, args))]

    async def execute(self, query: str, *args: Any) -> str:
        """Run a statement; whoever waits for a change looks again."""
        async with self._database.session(SYSTEM_TENANT) as connection:
            done = str(await connection.execute(query, *map(_json_safe, args)))
        self.changed()
        return done

    async def notify(self, _channel: str, payload: str) -> None:
        """Tell the listeners of this process."""
        for listener in self._listeners:
            listener(payload)

    async def add_listener(self, _channel: str, callback: Any) -> None:
        """Listen in this process."""
        self._listeners.append(callback)

    def changed(self) -> None:
        """There may be something new in the queue."""
        now = datetime.now().astimezone().isoformat()
        for listener in self._listeners:
            listener(
                f'{{"channel":"{PREFIX}jobs","operation":"insert","sent_at":"{now}","table":"{PREFIX}pgqueuer",'
                '"type":"table_changed_event"}'
            )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listeners.clear()


class _OneConnection:
    """The library's driver on a connection with a transaction open."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def fetch(self, query: str, *args: Any) -> list[dict[str, Any]]:
        return [dict(record) for record in await self._connection.fetch(query, *map(_json_safe, args))]


def _json_safe(value: Any) -> Any:
    """The library gives JSON as text; our connections would take it for a text to be made JSON of."""
    if isinstance(value, list):
        return [_json_safe(item) for item in value]
    return JsonText(value) if isinstance(value, str) else value


@cache
def library_settings() -> DBSettings:
    """The names of the library's tables, whatever stands in the environment."""
    from pgqueuer.domain.settings import DBSettings  # noqa: PLC0415 - loaded with the first job
    from pgqueuer.domain.types import Channel  # noqa: PLC0415

    return DBSettings(
        prefix=PREFIX,
        db_schema=None,
        channel=Channel(f"{PREFIX}jobs"),
        function=f"{PREFIX}fn_pgqueuer_changed",
        statistics_table=f"{PREFIX}pgqueuer_statistics",
        queue_status_type=f"{PREFIX}pgqueuer_status",
        queue_table=f"{PREFIX}pgqueuer",
        queue_table_log=f"{PREFIX}pgqueuer_log",
        trigger=f"{PREFIX}tg_pgqueuer_changed",
        schedules_table=f"{PREFIX}pgqueuer_schedules",
    )


def queries(driver: Any) -> Queries:
    """The library's statements on a driver."""
    from pgqueuer.adapters.persistence import qb  # noqa: PLC0415 - loaded with the first job
    from pgqueuer.queries import Queries  # noqa: PLC0415

    settings = library_settings()
    return Queries(
        driver,
        qbe=qb.QueryBuilderEnvironment(settings),
        qbq=qb.QueryQueueBuilder(settings),
        qbs=qb.QuerySchedulerBuilder(settings),
    )


def carried(tenant_id: UUID, job_id: UUID) -> bytes:
    """What an entry of the queue carries."""
    return tenant_id.bytes + job_id.bytes


def read_carried(payload: bytes) -> tuple[UUID, UUID]:
    """(tenant, job) of an entry."""
    return UUID(bytes=payload[:_ID_BYTES]), UUID(bytes=payload[_ID_BYTES : 2 * _ID_BYTES])


async def put_entry(connection: Any, tenant_id: UUID, job_id: UUID, priority: int, delay_seconds: float) -> int:
    """A new entry of the queue for a job; its id."""
    [entry] = await queries(_OneConnection(connection)).enqueue(
        ENTRYPOINT, carried(tenant_id, job_id), priority, timedelta(seconds=max(0.0, delay_seconds))
    )
    return int(entry)


async def put(
    connection: Any,
    tenant_id: UUID,
    job: Job,
    payload: Mapping[str, Any],
    asked: Asked,
    now: datetime,
    *,
    run_at: datetime | None = None,
    key: str | None = None,
    scheduled: bool = False,
) -> UUID:
    """Put a job into the queue within the connection's open transaction; its id, or that of the one with ``key``.

    The caller tells the worker after his commit.
    """
    due = run_at or now
    standing = await connection.fetchrow(_STANDING, tenant_id, job.name, key, now)
    if standing["same"] is not None:
        return UUID(str(standing["same"]))
    identity = uuid7()
    entry = await put_entry(
        connection, tenant_id, identity, priority_behind(standing["waiting"]), (due - now).total_seconds()
    )
    made = await connection.fetchval(
        _INSERT, tenant_id, identity, job.name, key, job.once_per_tenant, scheduled, dict(payload), asked.user_id,
        asked.language, asked.time_zone, asked.address, asked.request_id, asked.traceparent, now, due, entry,
    )  # fmt: skip
    if made is None:
        # Somebody was faster by a moment; the entry finds no job and goes.
        return UUID(str((await connection.fetchrow(_STANDING, tenant_id, job.name, key, now))["same"] or identity))
    return identity


async def enqueue(work: Any, job: Job, payload: Mapping[str, Any], run_at: datetime | None, key: str | None) -> UUID:
    """See :meth:`cellkit.pipeline.work.Work.enqueue`."""
    await work.begin()
    caller = work.caller
    asked = Asked(
        caller.user_id, caller.language, work.role.time_zone, caller.address, caller.request_id, caller.traceparent
    )
    identity = await put(work.connection, work.tenant_id, job, payload, asked, work.now, run_at=run_at, key=key)
    work.committing.append(work.engine.wake_jobs)
    return identity
