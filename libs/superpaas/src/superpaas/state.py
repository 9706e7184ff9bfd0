"""What is running, as the supervisor writes it and everybody else reads it: ``run/state.json``."""

from __future__ import annotations

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from superpaas.layout import Layout


@dataclass(slots=True)
class ProcessRecord:
    """One process; ``start`` (kernel ticks) tells it from a later process with the same id."""

    name: str
    kind: str
    port: int
    pid: int = 0
    start: int = 0
    restarts: int = 0
    ready: bool = False
    problem: str = ""

    @property
    def alive(self) -> bool:
        """Whether this very process still runs."""
        return is_alive(self.pid, self.start)


@dataclass(slots=True)
class State:
    """Everything known about one platform. ``phase``: starting, ready, stopping, stopped, failed."""

    phase: str = "starting"
    step_zh: str = ""
    step_en: str = ""
    error_zh: str = ""
    error_en: str = ""
    only: list[str] | None = None
    port_base: int = 8000
    supervisor: int = 0
    supervisor_start: int = 0
    guardian: int = 0
    started_at: float = 0.0
    ready_at: float = 0.0
    notices: list[list[str]] = field(default_factory=list)
    processes: list[ProcessRecord] = field(default_factory=list)

    @property
    def supervised(self) -> bool:
        """Whether the supervisor that wrote this still runs."""
        return is_alive(self.supervisor, self.supervisor_start)

    def process(self, name: str) -> ProcessRecord | None:
        """The record of one process."""
        return next((record for record in self.processes if record.name == name), None)


def write(layout: Layout, state: State) -> None:
    """Replace the file at once, so that a reader never sees half of it."""
    write_json(layout.state, asdict(state))


def read(layout: Layout) -> State | None:
    """The last state written; None when there is none that can be read."""
    found = read_json(layout.state)
    if not isinstance(found, dict):
        return None
    known = {one.name for one in fields(State)}
    try:
        state = State(**{key: value for key, value in found.items() if key in known})
        state.processes = [ProcessRecord(**record) for record in found.get("processes", [])]
    except TypeError:
        return None
    return state


def write_json(path: Path, value: Any, *, mode: int = 0o644) -> None:
    """Write a JSON file by a rename; the mode is set before anything is in it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
        file.write("\n")
    temporary.replace(path)


def read_json(path: Path) -> Any:
    """What a JSON file holds; None when it is missing or broken."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def start_ticks(pid: int) -> int:
    """When a process was started, in kernel ticks; 0 when it is gone or a zombie."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    # The name in parentheses may hold spaces; what follows it does not.
    fields_after_name = text[text.rindex(")") + 2 :].split()
    return 0 if fields_after_name[0] in {"Z", "X"} else int(fields_after_name[19])


def is_alive(pid: int, start: int) -> bool:
    """Whether the process that was started then under this id still runs."""
    return pid > 0 and start > 0 and start_ticks(pid) == start


def hold_lock(layout: Layout) -> int | None:
    """Take the lock that says "a supervisor runs here"; None when another process holds it.

    A POSIX record lock: forked children do not inherit it, and it goes away with its holder, however that ends.
    """
    descriptor = os.open(layout.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def wait_gone(pid: int, start: int, seconds: float) -> bool:
    """Wait for a process to end; False when it still runs."""
    deadline = time.monotonic() + seconds
    while is_alive(pid, start):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
