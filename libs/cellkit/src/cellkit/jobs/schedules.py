"""Schedules of tenants: which are due, what has to be tidied up, and the figures of the queue."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.jobs.declare import Job
from cellkit.jobs.metrics import JobMetrics
from cellkit.jobs.queue import Asked, put, put_entry
from cellkit.jobs.rules import next_time
from cellkit.jobs.worker import Worker
from cellkit.labels import DEFAULT_LANGUAGE
from cellkit.log import get_logger
from cellkit.pipeline.engine import DEFAULT_TIME_ZONE, Engine, zone

TICK_SECONDS = 15.0
SWEEP_EVERY = 4
PURGE_EVERY = 40
SCHEDULE_KEY = "schedule"
_BATCH = 100
_PURGE_BATCH = 1000
_LOST_SECONDS = 60
log = get_logger("jobs")

# Every tenant that has written anything has a head of its audit chain.
_NEW = """
INSERT INTO kit_job_schedule (tenant_id, name, next_at)
SELECT h.tenant_id, x.name, x.next_at
FROM kit_audit_head h CROSS JOIN unnest($1::text[], $2::timestamptz[]) AS x(name, next_at)
WHERE NOT EXISTS (SELECT FROM kit_job_schedule s WHERE s.tenant_id = h.tenant_id AND s.name = x.name)
ON CONFLICT DO NOTHING
"""
_DUE = f"""
SELECT tenant_id, name, cron, time_zone FROM kit_job_schedule
WHERE enabled AND next_at <= $1 AND name = ANY($2::text[]) ORDER BY next_at LIMIT {_BATCH} FOR UPDATE SKIP LOCKED
"""
_RAN = """
UPDATE kit_job_schedule s SET next_at = x.next_at, last_at = $1, last_job_id = x.job_id
FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::uuid[]) AS x(tenant_id, name, next_at, job_id)
WHERE s.tenant_id = x.tenant_id AND s.name = x.name
"""
_FIGURES = """
SELECT count(*) FILTER (WHERE state = 'waiting' AND run_at <= now()) AS waiting,
    count(*) FILTER (WHERE state = 'running') AS running,
    extract(epoch FROM now() - min(run_at) FILTER (WHERE state = 'waiting' AND run_at <= now()))::float8 AS oldest
FROM kit_job WHERE state IN ('waiting', 'running')
"""
_LOST = f"""
SELECT tenant_id, id, extract(epoch FROM run_at - now())::float8 AS delay FROM kit_job j
WHERE state IN ('waiting', 'running') AND greatest(created_at, started_at) < now() - interval '{_LOST_SECONDS} seconds'
    AND NOT EXISTS (SELECT FROM kit_pgqueuer q WHERE q.id = j.queue_id)
LIMIT {_BATCH} FOR UPDATE SKIP LOCKED
"""
_PURGE = f"""
WITH old AS MATERIALIZED (
    SELECT ctid AS place FROM kit_job WHERE finished_at < now() - $1 * interval '1 hour'
    LIMIT {_PURGE_BATCH} FOR UPDATE SKIP LOCKED
),
gone AS (DELETE FROM kit_job WHERE ctid = ANY (ARRAY(SELECT place FROM old)))
SELECT count(*) FROM old
"""


@dataclass(slots=True)
class Scheduler:
    """Puts due schedules into the queue; several processes share the work out."""

    engine: Engine
    jobs: Mapping[str, Job]
    worker: Worker
    metrics: JobMetrics
    keep_hours: float = 30 * 24
    _troubled: bool = False
    _scheduled: dict[str, Job] = field(init=False)

    def __post_init__(self) -> None:
        self._scheduled = {name: job for name, job in self.jobs.items() if job.schedule is not None}

    async def run(self) -> None:
        """The loop; for :meth:`Application.background`."""
        turn = 0
        while True:
            try:
                await self.tick(turn)
                self._troubled = False
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
                if not self._troubled:
                    log.warning("schedules_database_away", error=type(error).__name__)
                self._troubled = True
            turn += 1
            await asyncio.sleep(TICK_SECONDS)

    async def tick(self, turn: int) -> None:
        """One round."""
        await self.refresh()
        if self._scheduled:
            if turn % SWEEP_EVERY == 0:
                await self.adopt()
            while await self.start_due() == _BATCH:
                pass
        if turn % SWEEP_EVERY == 0:
            await self.recover()
        if turn % PURGE_EVERY == PURGE_EVERY - 1:
            await self.purge()

    async def refresh(self) -> None:
        """Keep the gauges fresh."""
        async with self.engine.database.session(SYSTEM_TENANT) as connection:
            found: Any = await connection.fetchrow(_FIGURES)
        self.metrics.waiting.set(found["waiting"])
        self.metrics.running.set(found["running"])
        self.metrics.oldest.set(max(0.0, found["oldest"] or 0.0))

    async def adopt(self) -> None:
        """Give tenants that are new to the cell, or to a schedule, its line."""
        now = self.engine.clock()
        times = [next_time(job.schedule or "", now, zone(DEFAULT_TIME_ZONE)) for job in self._scheduled.values()]
        async with self.engine.database.session(SYSTEM_TENANT) as connection:
            await connection.execute(_NEW, list(self._scheduled), times)

    async def start_due(self) -> int:
        """Put what is due into the queue; how many. A schedule that was missed several times runs once."""
        now = self.engine.clock()
        async with self.engine.database.transaction(SYSTEM_TENANT) as connection:
            due = await connection.fetch(_DUE, now, list(self._scheduled))
            if not due:
                return 0
            times, started = [], []
            for line in due:
                job = self._scheduled[line["name"]]
                times.append(next_time(line["cron"] or job.schedule or "", now, zone(zone_name(line))))
                started.append(
                    await put(
                        connection, line["tenant_id"], job, {}, by_schedule(self.engine.cell, zone_name(line)), now,
                        key=SCHEDULE_KEY, scheduled=True,
                    )
                )  # fmt: skip
            tenants, names = [line["tenant_id"] for line in due], [line["name"] for line in due]
            await connection.execute(_RAN, now, tenants, names, times, started)
        self.worker.wake()
        return len(due)

    async def recover(self) -> int:
        """Jobs whose entry in the queue is gone get a new one; how many."""
        async with self.engine.database.transaction(SYSTEM_TENANT) as connection:
            lost = await connection.fetch(_LOST)
            for record in lost:
                entry = await put_entry(connection, record["tenant_id"], record["id"], 0, record["delay"])
                await connection.execute(
                    "UPDATE kit_job SET queue_id = $3 WHERE tenant_id = $1 AND id = $2",
                    record["tenant_id"],
                    record["id"],
                    entry,
                )
        if lost:
            log.warning("jobs_recovered", count=len(lost))
            self.worker.wake()
        return len(lost)

    async def purge(self) -> int:
        """Forget jobs that ended long ago; how many."""
        removed = 0
        while True:
            async with self.engine.database.session(SYSTEM_TENANT) as connection:
                count: Any = await connection.fetchval(_PURGE, self.keep_hours)
            removed += int(count)
            if count < _PURGE_BATCH:
                return removed
            await asyncio.sleep(0.05)


def zone_name(line: Any) -> str:
    """The time zone of a schedule's line."""
    return str(line["time_zone"] or DEFAULT_TIME_ZONE)


def by_schedule(cell: str, time_zone: str) -> Asked:
    """A job that nobody asked for but the schedule."""
    trace = uuid4().hex
    return Asked(
        user_id=f"cell:{cell}", language=DEFAULT_LANGUAGE, time_zone=time_zone, address="",
        request_id=f"schedule-{trace[:16]}", traceparent=f"00-{trace}-{trace[:16]}-01",
    )  # fmt: skip


def next_of(job: Job, cron: str | None, time_zone: str | None, now: datetime) -> datetime:
    """When a schedule runs next."""
    return next_time(cron or job.schedule or "", now, zone(time_zone or DEFAULT_TIME_ZONE))


def job_of(value: Any) -> UUID | None:
    """A job's id in a record, or None."""
    return None if value is None else UUID(str(value))
