"""Stop a platform in order: the gateway drains, then cells, platform services and at last the database."""

from __future__ import annotations

import contextlib
import re
import signal
import time
from collections.abc import Callable, Iterable

from superpaas import probes
from superpaas.processes import Process
from superpaas.state import ProcessRecord
from superpaas.units import CELL, DATABASE, GATEWAY, PLATFORM

DRAIN_SECONDS = 10.0
_SERVICE_SECONDS = 15.0
_DATABASE_SECONDS = 60.0
_ORDER = (GATEWAY, CELL, PLATFORM, DATABASE)
_IN_FLIGHT = re.compile(r"^http\.(?!admin)[^.]+\.downstream_rq_active: (\d+)", re.MULTILINE)


def stop(records: Iterable[ProcessRecord], admin_port: int, tell: Callable[[str, str], None]) -> None:
    """Stop those processes that still run; each is given time to finish, then killed."""
    waiting = {record.name: (record, process) for record in records if (process := _running(record)) is not None}
    for kind in _ORDER:
        group = [pair for pair in waiting.values() if pair[0].kind == kind]
        if not group:
            continue
        names = ", ".join(record.name for record, _ in group)
        tell(f"正在停止 {names}", f"stopping {names}")
        if kind == GATEWAY:
            _drain(admin_port)
        # SIGINT is PostgreSQL's fast shutdown: sessions end, everything committed is kept.
        gentle = signal.SIGINT if kind == DATABASE else signal.SIGTERM
        _end([process for _, process in group], gentle, _DATABASE_SECONDS if kind == DATABASE else _SERVICE_SECONDS)


def _running(record: ProcessRecord) -> Process | None:
    if not record.alive:
        return None
    try:
        process = Process(record.pid)
    except OSError:
        return None
    return process if process.start == record.start else None


def _drain(admin_port: int) -> None:
    """No new connection, and an answer for every request in flight."""
    if probes.ask(admin_port, "/drain_listeners?graceful", method="POST")[0] == 0:
        return
    deadline = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < deadline:
        _, text = probes.ask(admin_port, "/stats?filter=downstream_rq_active")
        if not any(int(number) for number in _IN_FLIGHT.findall(str(text))):
            return
        time.sleep(0.1)


def _end(processes: list[Process], gentle: signal.Signals, seconds: float) -> None:
    for process in processes:
        process.send(gentle)
    deadline = time.monotonic() + seconds
    killed = False
    while processes:
        processes = [process for process in processes if not process.ended()]
        if processes and time.monotonic() > deadline:
            if killed:
                return
            for process in processes:
                with contextlib.suppress(OSError):
                    process.send(signal.SIGKILL)
            killed, deadline = True, time.monotonic() + 5
        time.sleep(0.02)
