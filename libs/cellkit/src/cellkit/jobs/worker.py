"""The part of a cell's process that runs jobs: the library's queue manager while there is work, nothing else otherwise.

Idle, a process asks every five seconds by one statement whether anything is due; the library is loaded and its manager
started only then, and ended when nothing has come for a while.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import asyncpg

from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.db.pool import Database
from cellkit.jobs.queue import ENTRYPOINT, Sessions, library_settings, queries, read_carried
from cellkit.jobs.runner import Runner
from cellkit.log import get_logger

POLL_SECONDS = 5.0
HEARTBEAT_SECONDS = 30.0
CONCURRENCY = 2
"""Jobs run at once by one process, so that requests are never starved."""

_LINGER_SECONDS = 10.0
_TROUBLE = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
log = get_logger("jobs")

_DUE = """
SELECT extract(epoch FROM least(
    (SELECT min(execute_after) FROM kit_pgqueuer WHERE status = 'queued'),
    (SELECT min(heartbeat) + $1 * interval '1 second' FROM kit_pgqueuer WHERE status = 'picked')
) - now())::float8
"""


@dataclass(slots=True)
class Worker:
    """Runs the queue of one process."""

    database: Database
    runner: Runner
    concurrency: int = CONCURRENCY
    poll_seconds: float = POLL_SECONDS
    heartbeat_seconds: float = HEARTBEAT_SECONDS
    _event: asyncio.Event = field(default_factory=asyncio.Event)
    _sessions: Sessions | None = None
    _manager: Any = None
    _troubled: bool = False

    def wake(self) -> None:
        """There may be something to do; returns at once."""
        self._event.set()
        if self._sessions is not None:
            self._sessions.changed()

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Run while the service does; at its end jobs get a moment to finish, the others go back into the queue."""
        task = asyncio.create_task(self._run(), name="jobs")
        try:
            yield
        finally:
            self.runner.stop()
            if self._manager is not None:
                self._manager.shutdown.set()
            self._event.set()
            await asyncio.wait({task}, timeout=self.runner.stop_grace_seconds + 3)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        while not self.runner.stopping:
            self._event.clear()
            try:
                due = await self._due_in()
                if due is not None and due <= 0:
                    await self._work()
                    continue
                self._troubled = False
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 - the loop must outlive whatever goes wrong in one round
                self._complain(error)
                due = None
            wait = self.poll_seconds if due is None else min(self.poll_seconds, max(due, 0.02))
            try:
                async with asyncio.timeout(wait):
                    await self._event.wait()
            except TimeoutError:
                continue

    def _complain(self, error: Exception) -> None:
        if not isinstance(error, _TROUBLE):
            log.error("jobs_failed", exc_info=error)
        elif not self._troubled:
            log.warning("jobs_database_away", error=type(error).__name__)
        self._troubled = True

    async def _due_in(self) -> float | None:
        """Seconds until something is due (not above 0: now), None when nothing waits."""
        async with self.database.session(SYSTEM_TENANT) as connection:
            found: float | None = await connection.fetchval(_DUE, self.heartbeat_seconds)
        return found

    async def _work(self) -> None:
        """Run jobs until nothing has come for a while."""
        manager = self._make_manager()
        idle = asyncio.create_task(self._end_when_idle(manager), name="jobs idle")
        try:
            await manager.run(
                dequeue_timeout=timedelta(seconds=self.poll_seconds),
                batch_size=1,
                max_concurrent_tasks=self.concurrency,
                heartbeat_timeout=timedelta(seconds=self.heartbeat_seconds),
                log_aggregation_interval=timedelta(0),
            )
        finally:
            self._manager = self._sessions = None
            idle.cancel()

    async def _end_when_idle(self, manager: Any) -> None:
        busy = time.monotonic()
        while not manager.shutdown.is_set():
            await asyncio.sleep(0.5)
            if self.runner.running or manager.job_context:
                busy = time.monotonic()
            elif time.monotonic() - busy > _LINGER_SECONDS:
                manager.shutdown.set()

    def _make_manager(self) -> Any:
        manager_class = _manager_class()
        self._sessions = Sessions(self.database)
        manager = manager_class(queries(self._sessions), channel=library_settings().channel)
        manager.entrypoint(ENTRYPOINT, accepts_context=False)(self._entry)
        self._manager = manager
        return manager

    def _pace(self, manager: Any, more: int) -> None:
        """While all places are taken and more waits, the library need not look often."""
        full = len(self.runner.running) + more >= self.concurrency
        manager.min_dequeue_poll_interval = timedelta(seconds=1.0 if full else 0.05)

    async def _entry(self, entry: Any) -> None:
        from pgqueuer.domain.errors import RetryRequested  # noqa: PLC0415 - loaded with the first job

        manager = self._manager
        self._pace(manager, 1)
        again = await self.runner.run(*read_carried(entry.payload), int(entry.id))
        self._pace(manager, 0)
        if again is not None:
            raise RetryRequested(timedelta(seconds=again))


def _manager_class() -> Callable[..., Any]:
    from pgqueuer.core.qm import QueueManager  # noqa: PLC0415 - loaded with the first job

    class Manager(QueueManager):
        async def verify_structure(self) -> None:
            """The kit's revisions make the tables; without those that we do not use."""

    return Manager
