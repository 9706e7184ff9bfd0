"""What the supervisor keeps running: the database server, the services and the gateway."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from superpaas.probes import Probe
from superpaas.processes import Process
from superpaas.state import ProcessRecord

DATABASE, PLATFORM, GATEWAY, CELL = "database", "platform", "gateway", "cell"
# The first restart is immediate; a process that keeps dying is given growing pauses, and a fresh start once it has
# stayed up for a while.
PAUSES = (0.0, 0.0, 0.5, 1.0, 2.0, 5.0, 15.0, 30.0)
SETTLED_SECONDS = 30.0
DEATHS_THAT_FAIL_A_BOOT = 4
_ASK_UNTIL_READY = 0.1
_ASK_WHEN_READY = 10.0
# Roughly a minute without any answer: more than the longest pause that a busy process makes.
_SILENT_TIMES = 5


@dataclass(slots=True)
class Unit:
    """One process that is kept running."""

    record: ProcessRecord
    begin: Callable[[], Process]
    ready_path: str = "/ready"
    alive_path: str = "/health"
    ready_check: Callable[[Process], bool] | None = None
    process: Process | None = None
    deaths: int = 0
    silent: int = 0
    began: float = 0.0
    begin_at: float = 0.0
    next_probe: float = 0.0
    probe: Probe | None = field(default=None, repr=False)
    # Stopped on purpose: not started again before somebody says so.
    held: bool = False
    kill_at: float = 0.0

    @property
    def name(self) -> str:
        """How people call it."""
        return self.record.name

    def start(self) -> Process:
        """Start it and note who it is."""
        self.began = time.monotonic()
        self.process = self.begin()
        self._note()
        return self.process

    def adopt(self, process: Process) -> None:
        """Take over a process that another supervisor started."""
        self.began = time.monotonic()
        self.process = process
        self._note()

    def _note(self) -> None:
        if self.process is not None:
            self.record.pid, self.record.start = self.process.pid, self.process.start
        self.record.ready = False
        self.silent, self.next_probe = 0, 0.0

    def died(self) -> float:
        """Note a death and say how long to wait before the next start."""
        now = time.monotonic()
        if now - self.began > SETTLED_SECONDS:
            self.deaths = 0
        pause = PAUSES[min(self.deaths, len(PAUSES) - 1)]
        self.deaths += 1
        if self.process is not None:
            self.process.close()
        self.process = None
        self.record.pid = self.record.start = 0
        self.record.ready = False
        self.kill_at = 0.0
        self.record.restarts += not self.held
        self.begin_at = now + pause
        return pause

    def wants_probe(self) -> bool:
        """Whether it is time to ask it how it is."""
        return self.process is not None and self.probe is None and time.monotonic() >= self.next_probe

    def answered(self, status: int) -> bool:
        """Note an answer (0: none); True when its readiness changed."""
        self.probe = None
        good = status == 200
        before = self.record.ready
        if not before:
            self.record.ready = good
        if status:
            self.silent = 0
        elif before:
            self.silent += 1
        self.next_probe = time.monotonic() + (_ASK_WHEN_READY if self.record.ready else _ASK_UNTIL_READY)
        return self.record.ready != before

    @property
    def hangs(self) -> bool:
        """Whether it runs and has stopped answering."""
        return self.silent >= _SILENT_TIMES
