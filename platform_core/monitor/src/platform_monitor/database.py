"""The monitor's own small database: it must work when the platform's database, which it watches, does not.

One connection, used by one thread at a time; statements take microseconds, so the event loop waits for them only where
they touch the disk, in a thread.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from cellkit.log import get_logger

T = TypeVar("T")
log = get_logger("database")

_VERSIONS = (
    """
    CREATE TABLE signals (
        service TEXT NOT NULL, at INTEGER NOT NULL, requests REAL NOT NULL, errors REAL NOT NULL,
        p50_ms REAL, p95_ms REAL, p99_ms REAL, in_flight REAL, connections_in_use REAL, cpu_cores REAL,
        memory_bytes REAL, instances INTEGER NOT NULL, instances_up INTEGER NOT NULL,
        PRIMARY KEY (service, at)
    ) WITHOUT ROWID;
    CREATE INDEX signals_by_time ON signals (at);
    CREATE TABLE alerts (
        id INTEGER PRIMARY KEY, rule TEXT NOT NULL, subject TEXT NOT NULL, severity TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('pending', 'firing', 'acknowledged', 'resolved')),
        value REAL, reason TEXT NOT NULL, pending_at REAL NOT NULL, fired_at REAL, resolved_at REAL,
        acknowledged_at REAL, acknowledged_by TEXT, note TEXT
    );
    CREATE UNIQUE INDEX alerts_open ON alerts (rule, subject) WHERE state <> 'resolved';
    CREATE INDEX alerts_by_state ON alerts (state, id);
    CREATE TABLE alert_rules (
        id TEXT PRIMARY KEY, settings TEXT NOT NULL, version INTEGER NOT NULL, changed_at REAL NOT NULL,
        changed_by TEXT NOT NULL
    );
    CREATE TABLE silences (
        id INTEGER PRIMARY KEY, rule TEXT NOT NULL, subject TEXT NOT NULL, until REAL NOT NULL, reason TEXT NOT NULL,
        made_at REAL NOT NULL, made_by TEXT NOT NULL
    );
    CREATE TABLE channels (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, type TEXT NOT NULL, settings TEXT NOT NULL,
        secrets TEXT NOT NULL, severity TEXT NOT NULL, enabled INTEGER NOT NULL, version INTEGER NOT NULL,
        changed_at REAL NOT NULL, changed_by TEXT NOT NULL, last_at REAL, last_error TEXT
    );
    """,
)


class MonitorDatabase:
    """``monitor/monitor.sqlite`` in the data folder; in memory where that cannot be written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Open while the service runs."""
        self._connection = await asyncio.to_thread(self._open)
        try:
            yield
        finally:
            self._connection.close()
            self._connection = None

    async def fetch(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """The rows of a query."""
        return await self.run(lambda connection: _rows(connection, sql, values))

    async def execute(self, sql: str, *values: Any) -> int:
        """Change something; how many rows were."""
        return await self.run(lambda connection: connection.execute(sql, values).rowcount)

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do several things as one transaction."""
        return await asyncio.to_thread(self._run, work)

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with self._lock:
            if self._connection is None:
                message = "the monitor's database is closed"
                raise RuntimeError(message)
            with self._connection:
                return work(self._connection)

    def _open(self) -> sqlite3.Connection:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            return _prepared(str(self._path))
        except (OSError, sqlite3.Error) as error:
            log.error("database_not_opened", path=str(self._path), error=f"{type(error).__name__}: {error}")
            self._set_aside(error)
            try:
                return _prepared(str(self._path))
            except sqlite3.Error:
                return _prepared(":memory:")

    def _set_aside(self, error: Exception) -> None:
        """A damaged file is kept for whoever wants to look; the monitor begins a new one."""
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            self._path.replace(self._path.with_suffix(".damaged"))


def _prepared(place: str) -> sqlite3.Connection:
    connection = sqlite3.connect(place, check_same_thread=False, timeout=5)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -512")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    for number, script in enumerate(_VERSIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")
    return connection


def _rows(connection: sqlite3.Connection, sql: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(sql, values).fetchall()]
