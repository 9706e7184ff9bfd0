"""What may be asked of a running supervisor: stop and start a cell, make or prove a backup."""

from __future__ import annotations

import os
import selectors
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

from superpaas import services, state
from superpaas.backup import catalogue, scheduling
from superpaas.processes import Process, execute
from superpaas.units import CELL, DATABASE, Unit

if TYPE_CHECKING:
    from superpaas.supervisor import Supervisor

HELD = "held.json"
STOPPED_ZH, STOPPED_EN = "已由运营方停止", "stopped by the operator"
_GENTLE_SECONDS = 15.0
_LOOK_SECONDS = 60.0


def _described(unit: Unit) -> dict[str, Any]:
    began = time.time() - (time.monotonic() - unit.began) if unit.process is not None else 0.0
    return {
        "name": unit.name,
        "kind": unit.record.kind,
        "pid": unit.record.pid,
        "port": unit.record.port,
        "restarts": unit.record.restarts,
        "ready": unit.record.ready,
        "held": unit.held,
        "problem": unit.record.problem,
        "began": round(began, 3),
    }


class Operating:
    """Does what the operators ask, and what is due by itself."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._path = supervisor.layout.run / HELD
        found = state.read_json(self._path)
        self.held: set[str] = {str(name) for name in found} if isinstance(found, list) else set()
        self._task: Process | None = None
        self._look_at = time.monotonic() + _LOOK_SECONDS
        self._tried_at = 0.0

    def handle(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Answer one request from the control socket."""
        what = asked.get("do")
        if what in {"stop", "start", "restart"}:
            return self._switch(str(what), str(asked.get("name", "")), str(asked.get("actor", "")))
        if what in {"backup", "verify"}:
            return self._back_up(str(what), str(asked.get("id", "")), str(asked.get("actor", "")))
        if what == "status":
            processes = [_described(unit) for unit in self._supervisor.units]
            return {
                "ok": True,
                "phase": self._supervisor.state.phase,
                "held": sorted(self.held),
                "processes": processes,
            }
        return {"error": "BAD_REQUEST"}

    def hold(self, unit: Unit) -> bool:
        """Whether a unit is to stay stopped."""
        if unit.name not in self.held or unit.record.kind != CELL:
            return False
        unit.held = True
        unit.record.problem = STOPPED_EN
        return True

    def turn(self, now: float) -> None:
        """Once around: what was told to end and did not, and the nightly backup."""
        for unit in self._supervisor.units:
            if unit.held and unit.process is not None and unit.kill_at and now > unit.kill_at:
                unit.process.send(signal.SIGKILL)
        if now >= self._look_at and self._supervisor.state.phase == "ready":
            self._look_at = now + _LOOK_SECONDS
            self._back_up_when_due()

    def _switch(self, what: str, name: str, actor: str) -> dict[str, Any]:
        unit = next((unit for unit in self._supervisor.units if unit.name == name), None)
        if unit is None or unit.record.kind == DATABASE or (what != "restart" and unit.record.kind != CELL):
            return {"error": "NOT_FOUND"}
        self._supervisor.log(f"{name}: {what} asked by {actor or '?'}")
        if what == "restart":
            if unit.process is not None:
                unit.process.send(signal.SIGTERM)
            return {"ok": True, "name": name, "held": unit.held}
        held = what == "stop"
        self.held = self.held | {name} if held else self.held - {name}
        state.write_json(self._path, sorted(self.held))
        unit.held = held
        unit.record.problem = STOPPED_EN if held else ""
        if held and unit.process is not None:
            unit.kill_at = time.monotonic() + _GENTLE_SECONDS
            unit.process.send(signal.SIGTERM)
        if not held:
            unit.deaths, unit.begin_at = 0, 0.0
        self._supervisor.save()
        return {"ok": True, "name": name, "held": held}

    def _back_up_when_due(self) -> None:
        # A backup that fails is tried again, but not every minute.
        if self._task is not None or time.time() - self._tried_at < scheduling.SETTLE_SECONDS:
            return
        if os.environ.get("SUPERPAAS_DATABASE_URL"):
            return
        folder = catalogue.folder_of(self._supervisor.layout)
        if scheduling.backup_due(folder, self._supervisor.state.started_at, self._settings()):
            self._tried_at = time.time()
            self._begin(["--scheduled", "--actor", "schedule"])

    def _back_up(self, what: str, identity: str, actor: str) -> dict[str, Any]:
        if self._task is not None:
            return {"error": "BUSY"}
        words = ["--verify", *([identity] if identity else [])] if what == "verify" else []
        self._begin([*words, f"--actor={actor or '?'}"])
        return {"ok": True}

    def _settings(self) -> dict[str, str]:
        return {**os.environ, **services.configured(self._supervisor.layout)}

    def _begin(self, words: list[str]) -> None:
        layout, selector = self._supervisor.layout, self._supervisor.selector
        command = ["nice", "-n", "10", sys.executable, "-m", "superpaas", "backup", "--data", str(layout.data), *words]
        try:
            process = execute(command, layout.log("backup"), environment=self._settings())
        except OSError as error:
            self._supervisor.log(f"backup cannot be started: {error}")
            return
        self._task = process
        self._supervisor.log(f"backup begins (pid {process.pid})")

        def ended() -> None:
            if process.ended():
                selector.unregister(process.pidfd)
                self._supervisor.log(f"backup (pid {process.pid}) ended with {process.code}")
                process.close()
                self._task = None

        selector.register(process.pidfd, selectors.EVENT_READ, ended)

    def end(self) -> None:
        """End a backup under way; it leaves nothing that is listed."""
        if self._task is not None:
            self._task.send(signal.SIGTERM)
