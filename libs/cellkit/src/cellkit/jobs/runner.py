"""Runs one job: takes it over, calls its function, writes how it ended."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg

from cellkit.context import Caller, current_caller
from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.errors import Conflict, ServiceError
from cellkit.jobs.context import JobCancelled, JobContext
from cellkit.jobs.declare import Job
from cellkit.jobs.metrics import JobMetrics
from cellkit.jobs.rules import MOST_LOSSES, pause_after
from cellkit.labels import L, Label
from cellkit.log import get_logger
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.database_errors import translate
from cellkit.pipeline.engine import Engine

LOOK_SECONDS = 2.0
CANCEL_GRACE_SECONDS = 15.0
STOP_GRACE_SECONDS = 4.0
_BUSY_SECONDS = 2.0
_UNKNOWN_SECONDS = 60.0
_DATABASE_SECONDS = 5.0
log = get_logger("jobs")

_CLAIM = """
UPDATE kit_job SET state = 'running', attempts = attempts + 1, losses = losses + (state = 'running')::int,
    started_at = now(), finished_at = NULL
WHERE tenant_id = $1 AND id = $2 AND queue_id = $3 AND state IN ('waiting', 'running') AND cancel_asked_at IS NULL
RETURNING *
"""
_OPEN = """
SELECT name, state, cancel_asked_at IS NOT NULL AS cancelled FROM kit_job
WHERE tenant_id = $1 AND id = $2 AND queue_id = $3 AND state IN ('waiting', 'running')
"""
_LOOK = "SELECT cancel_asked_at IS NOT NULL FROM kit_job WHERE tenant_id = $1 AND id = $2 AND attempts = $3"
_FINISH = """
UPDATE kit_job SET state = $4, result = $5, error = $6, failures = failures + $7,
    run_at = CASE WHEN $4 = 'waiting' THEN now() + $8 * interval '1 second' ELSE run_at END,
    finished_at = CASE WHEN $4 = 'waiting' THEN NULL ELSE now() END,
    payload = CASE WHEN $4 = 'succeeded' THEN '{}' ELSE payload END
WHERE tenant_id = $1 AND id = $2 AND attempts = $3 AND state = 'running'
"""
_CANCEL = """
UPDATE kit_job SET state = 'cancelled', finished_at = now()
WHERE tenant_id = $1 AND id = $2 AND queue_id = $3 AND state IN ('waiting', 'running')
"""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended; ``again_seconds`` when it is to be run again."""

    state: str
    result: dict[str, Any] | None = None
    error: dict[str, str] | None = None
    failed: bool = False
    again_seconds: float | None = None


@dataclass(slots=True)
class _Run:
    context: JobContext
    task: asyncio.Task[dict[str, Any] | None]
    stop_at: float | None = None


@dataclass(slots=True)
class Runner:
    """Runs the jobs of one process."""

    engine: Engine
    jobs: Mapping[str, Job]
    metrics: JobMetrics
    stopping: bool = False
    running: dict[UUID, _Run] = field(default_factory=dict)
    cancel_grace_seconds: float = CANCEL_GRACE_SECONDS
    stop_grace_seconds: float = STOP_GRACE_SECONDS

    async def run(self, tenant_id: UUID, job_id: UUID, entry: int) -> float | None:
        """Run the job of a queue's entry; seconds until the entry's next turn, None when it has done its service."""
        try:
            found = await self._claim(tenant_id, job_id, entry)
            if not isinstance(found, dict):
                return found
            ending = await self._outcome(self.jobs[found["name"]], found)
            await self._finish(found, ending)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
            log.warning("job_state_not_written", job_id=str(job_id), error=type(error).__name__)
            return _DATABASE_SECONDS
        return ending.again_seconds

    def cancel(self, job_id: UUID) -> None:
        """Somebody cancels a job that may run here."""
        run = self.running.get(job_id)
        if run is not None:
            self._ask_to_end(run, self.cancel_grace_seconds)

    def stop(self) -> None:
        """The process ends: jobs that are not done in a moment go back into the queue."""
        self.stopping = True
        for run in self.running.values():
            self._ask_to_end(run, self.stop_grace_seconds)

    @staticmethod
    def _ask_to_end(run: _Run, grace_seconds: float) -> None:
        run.context.cancelled = True
        until = time.monotonic() + grace_seconds
        run.stop_at = until if run.stop_at is None else min(run.stop_at, until)

    async def _claim(self, tenant_id: UUID, job_id: UUID, entry: int) -> dict[str, Any] | float | None:
        async with self.engine.database.session(SYSTEM_TENANT) as connection:
            waits = await connection.fetchrow(_OPEN, tenant_id, job_id, entry)
            if waits is None:
                return None
            if waits["cancelled"]:
                await connection.execute(_CANCEL, tenant_id, job_id, entry)
                return None
            if self.stopping:
                return 0.0
            if waits["name"] not in self.jobs:
                # Of a newer version of the cell, perhaps, that runs beside this one.
                log.warning("job_unknown", job=waits["name"], job_id=str(job_id))
                return _UNKNOWN_SECONDS
            try:
                record = await connection.fetchrow(_CLAIM, tenant_id, job_id, entry)
            except asyncpg.UniqueViolationError:
                return _BUSY_SECONDS * random.uniform(0.5, 1.5)  # noqa: S311 - no secret
            return None if record is None else dict(record)

    async def _outcome(self, job: Job, found: dict[str, Any]) -> Ending:
        if found["losses"] > MOST_LOSSES:
            lost = L(
                f"执行进程已意外中断 {found['losses']} 次，不再重试",
                f"Its process ended {found['losses']} times while it ran; it is not tried again",
            )
            return Ending("failed", error=_words("JOB_LOST", lost), failed=True)
        began = time.monotonic()
        try:
            result = await self._call(job, found)
            ending = Ending("succeeded", result)
        except JobCancelled:
            ending = Ending("waiting", again_seconds=0.0) if self.stopping else Ending("cancelled")
        except Exception as error:  # noqa: BLE001 - whatever a job raises is its own failure, not the runner's
            ending = self._failure(job, found, error)
        self.metrics.observe(job.name, "retried" if ending.failed and ending.again_seconds else ending.state, began)
        return ending

    def _failure(self, job: Job, found: dict[str, Any], error: Exception) -> Ending:
        shown = error if isinstance(error, ServiceError) else translate(error)
        refused = shown is not None and shown.status < 500 and not isinstance(shown, Conflict)
        if isinstance(error, _TookTooLong):
            words = _words("JOB_TIMEOUT", error.label)
        elif shown is not None:
            words = _words(shown.code, shown.label())
        else:
            kind = type(error).__name__
            text = L(f"系统内部错误（{kind}），详见日志", f"Internal error ({kind}); see the log")
            words = _words("INTERNAL", text)
        if not refused:
            log.error("job_failed", job=job.name, job_id=str(found["id"]), attempt=found["attempts"], exc_info=error)
        failures = found["failures"] + 1
        if refused or failures >= job.attempts:
            return Ending("failed", error=words, failed=True)
        return Ending("waiting", error=words, failed=True, again_seconds=pause_after(failures))

    async def _call(self, job: Job, found: dict[str, Any]) -> dict[str, Any] | None:
        context = JobContext(
            engine=self.engine,
            tenant_id=str(found["tenant_id"]),
            caller=caller_of(found),
            role=await self._role(found),
            job_id=found["id"],
            attempt=found["attempts"],
        )
        task = asyncio.create_task(_in_context(job, context, found["payload"]), name=f"job {job.name}")
        run = self.running[found["id"]] = _Run(context, task)
        deadline = time.monotonic() + job.timeout_seconds
        try:
            if self.stopping:
                self._ask_to_end(run, self.stop_grace_seconds)
            return await self._watched(run, job, found, deadline)
        finally:
            self.running.pop(found["id"], None)
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def _watched(self, run: _Run, job: Job, found: dict[str, Any], deadline: float) -> dict[str, Any] | None:
        looked = time.monotonic()
        while True:
            now = time.monotonic()
            until = min(looked + LOOK_SECONDS, deadline, run.stop_at or deadline)
            # Asked often, because whoever asks a job to end does not wake this loop.
            await asyncio.wait({run.task}, timeout=max(0.0, min(until - now, 0.25)))
            now = time.monotonic()
            if run.task.done():
                return await _result(run)
            if run.stop_at is not None and now >= run.stop_at:
                raise JobCancelled
            if now >= deadline:
                raise _TookTooLong(job.timeout_seconds)
            if now - looked >= LOOK_SECONDS:
                looked = now
                await self._look(run, found)

    async def _look(self, run: _Run, found: dict[str, Any]) -> None:
        try:
            async with self.engine.database.session(SYSTEM_TENANT) as connection:
                stop = await connection.fetchval(_LOOK, found["tenant_id"], found["id"], found["attempts"])
            await run.context.tell()
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
            return
        # None: begun anew by a process that took this one for dead.
        if stop is None or stop:
            self._ask_to_end(run, self.cancel_grace_seconds)

    async def _role(self, found: dict[str, Any]) -> RoleDocument:
        user_id, tenant_id = found["asked_by"], str(found["tenant_id"])
        await self.engine.know(tenant_id)
        if user_id.startswith("cell:"):
            return RoleDocument(
                user_id=user_id, tenant_id=tenant_id, username=user_id, display_name=user_id, scopes={"*": "all"},
                language=found["language"], time_zone=found["time_zone"],
            )  # fmt: skip
        # Whoever asked may have logged out meanwhile.
        return await (self.engine.offline_roles or self.engine.roles).get(tenant_id, user_id)

    async def _finish(self, found: dict[str, Any], ending: Ending) -> None:
        async with self.engine.database.session(SYSTEM_TENANT) as connection:
            await connection.execute(
                _FINISH, found["tenant_id"], found["id"], found["attempts"], ending.state, ending.result, ending.error,
                int(ending.failed), ending.again_seconds or 0.0,
            )  # fmt: skip


class _TookTooLong(Exception):
    def __init__(self, seconds: float) -> None:
        self.label = L(f"超过时限 {seconds:g} 秒，已中止", f"It took more than {seconds:g} seconds and was stopped")
        super().__init__(self.label.en)


def caller_of(found: Mapping[str, Any]) -> Caller:
    """Who calls in a job's works: who asked for it, under the job's own request id."""
    return Caller(
        tenant_id=str(found["tenant_id"]),
        user_id=found["asked_by"],
        request_id=f"job-{found['id']}",
        traceparent=found["traceparent"],
        language=found["language"],
        address=found["address"],
    )


async def _in_context(job: Job, context: JobContext, payload: dict[str, Any]) -> dict[str, Any] | None:
    current_caller.set(context.caller)
    result = await job.function(context, payload)
    await context.tell()
    return result


async def _result(run: _Run) -> dict[str, Any] | None:
    try:
        return await run.task
    except asyncio.CancelledError:
        raise JobCancelled from None


def _words(code: str, label: Label) -> dict[str, str]:
    return {"code": code, **label.as_json()}
