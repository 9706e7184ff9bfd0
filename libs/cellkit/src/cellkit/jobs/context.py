"""What a running job knows and can do."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cellkit.context import Caller
from cellkit.http.messages import from_json, json_reply
from cellkit.labels import Label
from cellkit.ops.access import RoleDocument

if TYPE_CHECKING:
    from cellkit.pipeline.engine import Engine
    from cellkit.pipeline.work import Work

TELL_SECONDS = 0.5
_PROGRESS = """
UPDATE kit_job SET done = $4, total = $5, note = $6
WHERE tenant_id = $1 AND id = $2 AND attempts = $3 AND state = 'running' RETURNING cancel_asked_at IS NOT NULL AS stop
"""


class JobCancelled(Exception):
    """Raised by :meth:`JobContext.check` when the job is to end; the runner takes it as the end asked for."""


@dataclass(slots=True)
class JobContext:
    """One run of a job.

    ``caller`` is who asked (``cell:<name>`` for schedules), with the request id ``job-<id>``; ``role`` his rights, as
    they are now. ``attempt`` counts from 1. ``cancelled`` turns true when somebody cancels the job or the process is
    about to stop: end soon, by :meth:`check` or by returning; what takes longer than a few seconds is interrupted.
    """

    engine: Engine
    tenant_id: str
    caller: Caller
    role: RoleDocument
    job_id: UUID
    attempt: int
    cancelled: bool = False
    _told: tuple[int, int | None, Any] | None = None
    _told_at: float = field(default=-TELL_SECONDS)
    _waiting: tuple[int, int | None, Any] | None = None

    def check(self) -> None:
        """Raise :class:`JobCancelled` when the job is to end."""
        if self.cancelled:
            raise JobCancelled

    async def progress(self, done: int, total: int | None, note: Label | str | None = None) -> None:
        """Tell how far the job is; written at most twice a second, so it may be called often."""
        text = note.as_json() if isinstance(note, Label) else None if note is None else {"zh": note, "en": note}
        self._waiting = (done, total, text)
        if time.monotonic() - self._told_at >= TELL_SECONDS:
            await self.tell()

    async def tell(self) -> None:
        """Write the last progress now."""
        told, self._waiting = self._waiting, None
        if told is None or told == self._told:
            return
        self._told, self._told_at = told, time.monotonic()
        async with self.engine.database.session(self.tenant_id) as connection:
            found = await connection.fetchrow(_PROGRESS, UUID(self.tenant_id), self.job_id, self.attempt, *told)
        # A row that is gone or begun anew elsewhere is none of this run's business any more.
        if found is None or found["stop"]:
            self.cancelled = True

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """A :class:`Work` of the job's caller, written and committed at the end of the block."""
        from cellkit.pipeline.flush import flush  # noqa: PLC0415 - work itself knows jobs
        from cellkit.pipeline.work import Work  # noqa: PLC0415

        await self.engine.know(self.tenant_id)
        async with self.engine.database.session(self.tenant_id) as connection:
            work = Work(self.engine, connection, self.caller, self.role)
            try:
                yield work
                await flush(work, None, None)
            except BaseException:
                await work.rollback()
                raise

    async def step(self, name: str, operation: Callable[[Work], Awaitable[Any]]) -> Any:
        """Run ``operation(work)`` as one transaction, once for the job however often it runs; its answer (JSON).

        A job that was killed and runs again gets the first answer. When another writer is faster the operation runs
        again, as in a request.
        """
        from cellkit.pipeline.execute import Answer, execute  # noqa: PLC0415 - work itself knows jobs
        from cellkit.pipeline.flush import Kept  # noqa: PLC0415

        async def once(work: Work) -> Answer | None:
            answer = await operation(work)
            return lambda _made: json_reply({"answer": answer})

        caller = replace(self.caller, request_id=f"job-{self.job_id}-{name}"[:128])
        reply = await execute(self.engine, caller, self.role, once, Kept("JOB", f"job/{name}", b"step"))
        body = reply.body if reply is not None else b"{}"
        return from_json(body if isinstance(body, bytes) else b"{}").get("answer")
