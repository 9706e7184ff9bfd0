"""The course of the golden signals: a row a minute and service, for a week; it survives a restart."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from platform_monitor.database import MonitorDatabase
from platform_monitor.history import History
from platform_monitor.signals import signals

STEP_SECONDS = 60
KEPT_SECONDS = 7 * 86_400
MOST_POINTS = 240
_COLUMNS = (
    "p50_ms", "p95_ms", "p99_ms", "in_flight", "connections_in_use", "cpu_cores", "memory_bytes", "instances",
    "instances_up",
)  # fmt: skip
_INSERT = (
    "INSERT OR REPLACE INTO signals (service, at, requests, errors, p50_ms, p95_ms, p99_ms, in_flight,"
    " connections_in_use, cpu_cores, memory_bytes, instances, instances_up)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class Series:
    """Writes every minute what the history in memory says of it."""

    def __init__(self, database: MonitorDatabase, history: History) -> None:
        self._database = database
        self._history = history

    async def run(self) -> None:
        """Write for ever, just after each minute has ended."""
        while True:
            now = time.time()
            await asyncio.sleep(STEP_SECONDS - now % STEP_SECONDS + 1)
            await self.write(time.time())

    async def write(self, now: float) -> None:
        """Write the minute that has just ended, and drop what is too old."""
        minute = int(now) // STEP_SECONDS * STEP_SECONDS
        rows = []
        for service in self._history.services():
            found = signals(self._history.window(service, STEP_SECONDS, now))
            if found is not None:
                values = asdict(found)
                # The window begins with a sample before the minute, so the rates are the minute's, the sums are not.
                requests, errors = found.request_rate * STEP_SECONDS, found.error_rate * STEP_SECONDS
                rows.append((service, minute, requests, errors, *(values[name] for name in _COLUMNS)))

        def work(connection: Any) -> None:
            connection.executemany(_INSERT, rows)
            connection.execute("DELETE FROM signals WHERE at < ?", (minute - KEPT_SECONDS,))

        await self._database.run(work)

    async def read(self, service: str | None, window: int, now: float) -> list[dict[str, Any]]:
        """Rows of one service, or of all, for the last ``window`` seconds."""
        where = "at > ?" if service is None else "at > ? AND service = ?"
        values = [now - window] if service is None else [now - window, service]
        return await self._database.fetch(f"SELECT * FROM signals WHERE {where} ORDER BY at", *values)  # noqa: S608


def points(rows: Sequence[dict[str, Any]], window: int) -> list[dict[str, Any]]:
    """The course in at most 240 steps of whole minutes.

    Percentiles of several minutes are weighted by their requests; what is a level (memory, connections) is the highest.
    """
    step = max(1, -(-window // STEP_SECONDS // MOST_POINTS)) * STEP_SECONDS
    steps: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        steps.setdefault(row["at"] // step * step, []).append(row)
    return [_point(at, group, step) for at, group in sorted(steps.items())]


def _point(at: int, group: Sequence[dict[str, Any]], step: int) -> dict[str, Any]:
    requests = sum(row["requests"] for row in group)
    errors = sum(row["errors"] for row in group)
    seconds = len(group) * STEP_SECONDS
    levels = {name: _most(group, name) for name in ("in_flight", "connections_in_use", "cpu_cores", "memory_bytes")}
    return {
        "at": at,
        "seconds": step,
        "request_rate": round(requests / seconds, 4),
        "error_rate": round(errors / seconds, 4),
        "error_ratio": round(errors / requests, 4) if requests else 0.0,
        **{name: _weighted(group, name) for name in ("p50_ms", "p95_ms", "p99_ms")},
        **levels,
        "instances": group[-1]["instances"],
        "instances_up": min(row["instances_up"] for row in group),
    }


def _most(group: Sequence[dict[str, Any]], name: str) -> float | None:
    return max((round(row[name], 4) for row in group if row[name] is not None), default=None)


def _weighted(group: Sequence[dict[str, Any]], name: str) -> float | None:
    known = [row for row in group if row[name] is not None and row["requests"]]
    weight = sum(row["requests"] for row in known)
    return round(sum(row[name] * row["requests"] for row in known) / weight, 2) if weight else None
