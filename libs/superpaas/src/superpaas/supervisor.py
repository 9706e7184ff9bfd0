"""The supervisor: boots a platform, starts again what dies, and stops everything in order.

It stays single-threaded and without an event loop until its end, because it forks every service from itself after
everything has been imported once.
"""

from __future__ import annotations

import contextlib
import gc
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from superpaas import booting, logfiles, probes, reaching, services, state, stopping
from superpaas.control import Control
from superpaas.guardian import TOLD
from superpaas.layout import Layout
from superpaas.messages import TroubleError
from superpaas.operating import Operating
from superpaas.ports import Ports
from superpaas.processes import Process
from superpaas.state import State
from superpaas.units import CELL, DEATHS_THAT_FAIL_A_BOOT, GATEWAY, Unit

_BOOT_SECONDS = 120.0
_ROTATE_SECONDS = 30.0
_TICK = 0.5
_BOOT_TICK = 0.05


class StopAsked(BaseException):
    """SIGTERM or SIGINT arrived."""


def run(arguments: Sequence[str], *, adopt: bool, passed: set[signal.Signals]) -> int:
    """Supervise the platform of ``DATA PORT_BASE [ONLY]`` until told to stop; returns the exit code."""
    layout = Layout(Path(arguments[0]))
    only = arguments[2].split(",") if len(arguments) > 2 else None
    lock = state.hold_lock(layout)
    if lock is None:
        return TOLD
    return Supervisor(layout, Ports(int(arguments[1])), only).run(adopt=adopt, passed=passed)


class Supervisor:
    """One platform and its main loop."""

    def __init__(self, layout: Layout, ports: Ports, only: list[str] | None) -> None:
        self.layout = layout
        self.ports = ports
        self.selector = selectors.DefaultSelector()
        self.units: list[Unit] = []
        self.last = state.read(layout)
        self.state = State(
            only=only,
            port_base=ports.base,
            supervisor=os.getpid(),
            supervisor_start=state.start_ticks(os.getpid()),
            guardian=os.getppid(),
            started_at=time.time(),
        )
        self.operating = Operating(self)
        self._visitor = reaching.Visitor(layout)
        self._control: Control | None = None
        self._stop_asked = False
        self._rotate_at = time.monotonic() + _ROTATE_SECONDS

    def run(self, *, adopt: bool, passed: set[signal.Signals]) -> int:
        """Boot or adopt, then watch; every way out stops what was started."""
        self._catch_signals(passed)
        try:
            self._control = Control(self.selector, self.layout.run, self.operating.handle)
            can_adopt = adopt and self.last is not None and self.last.phase == "ready"
            if not can_adopt:
                self._clear_away()
            self.save()
            booting.Boot(self, adopted=self.last if can_adopt else None).run()
            self._watch_boot()
            while True:
                self._turn(_TICK)
        except StopAsked:
            self._stop("stopped")
            return 0
        except TroubleError as trouble:
            self.state.error_zh, self.state.error_en = trouble.zh, trouble.en
        except OSError as error:
            told = booting.told(error, self.layout)
            self.state.error_zh, self.state.error_en = told.zh, told.en
        print(self.state.error_en, file=sys.stderr)  # noqa: T201 - the supervisor's own log
        self._stop("failed")
        return TOLD

    def step(self, zh: str, en: str) -> None:
        """Tell what is being done now."""
        self.state.step_zh, self.state.step_en = zh, en
        self.log(en)
        self.save()

    def save(self) -> None:
        """Write the state; a full disk must not end the supervisor."""
        self.state.processes = [unit.record for unit in self.units]
        with contextlib.suppress(OSError):
            state.write(self.layout, self.state)

    @staticmethod
    def log(text: str) -> None:
        """One line in the supervisor's log."""
        print(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} {text}", flush=True)  # noqa: T201 - this is its log

    def rest(self) -> None:
        """Break off when somebody asked to stop; called by everything that waits."""
        if self._stop_asked:
            raise StopAsked

    def add(self, unit: Unit, adopted: Process | None = None) -> None:
        """Start (or take over) and watch a unit."""
        self.units.append(unit)
        if self.operating.hold(unit) and adopted is None:
            self.save()
        elif adopted is None:
            self._start(unit)
        else:
            unit.adopt(adopted)
            self._watch(adopted, unit)

    def wait_ready(self, unit: Unit, seconds: float, ended: Callable[[], TroubleError]) -> None:
        """Wait for one unit alone, without restarting it."""
        deadline = time.monotonic() + seconds
        while not self._check_self(unit):
            self.rest()
            if unit.process is None or unit.process.ended():
                raise ended()
            if time.monotonic() > deadline:
                raise TroubleError(
                    f"{unit.name} 在 {seconds:.0f} 秒内没有就绪，日志：{self.layout.log(unit.name)}。",
                    f"{unit.name} was not ready in {seconds:.0f} s, log: {self.layout.log(unit.name)}.",
                )
            time.sleep(0.02)

    def _catch_signals(self, passed: set[signal.Signals]) -> None:
        reader, writer = socket.socketpair()
        reader.setblocking(False)  # noqa: FBT003 - the standard library's signature
        writer.setblocking(False)  # noqa: FBT003 - the same
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        self._wakeup = (reader, writer)
        self.selector.register(reader, selectors.EVENT_READ, lambda: reader.recv(4096))

        def ask_to_stop(_number: int, _frame: object) -> None:
            self._stop_asked = True

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, ask_to_stop)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, passed)

    def _clear_away(self) -> None:
        """End what a killed supervisor and its guardian left running."""
        if self.last is not None:
            left = [record for record in self.last.processes if record.alive]
            if left:
                self.log(f"clearing away: {', '.join(record.name for record in left)}")
                stopping.stop(left, Ports(self.last.port_base).gateway_admin, lambda _zh, en: self.log(en))

    def _watch_boot(self) -> None:
        deadline = time.monotonic() + _BOOT_SECONDS
        while self._waiting():
            if time.monotonic() > deadline:
                self._boot_took_too_long()
                break
            self._turn(_BOOT_TICK)
        gc.collect()
        self.state.phase = "ready"
        self.state.ready_at = time.time()
        self.step("运行中", "running")

    def _waiting(self) -> bool:
        """Whether the boot still waits for something that may yet come."""
        for unit in self.units:
            if unit.record.ready or unit.record.problem:
                continue
            if unit.deaths >= DEATHS_THAT_FAIL_A_BOOT:
                self._boot_failed(unit)
                continue
            return True
        return not self._routes_there()

    def _boot_failed(self, unit: Unit) -> None:
        reason = booting.reason(self.layout, unit.name)
        trouble = TroubleError(
            f"{unit.name} 启动失败：{reason}（日志 {self.layout.log(unit.name)}）",
            f"{unit.name} does not start: {reason} (log {self.layout.log(unit.name)})",
        )
        if unit.record.kind != CELL:
            raise trouble
        # One cell that cannot start must not keep the others from their work.
        unit.record.problem = reason
        self.state.notices.append([trouble.zh, trouble.en])
        self.save()

    def _boot_took_too_long(self) -> None:
        late = [unit for unit in self.units if not unit.record.ready]
        for unit in late:
            unit.deaths = max(unit.deaths, 1)
            self._boot_failed(unit)
        if not late:
            self.state.notices.append(
                [
                    "网关还不能到达身份服务或全部细胞，请看 ./run.sh status。",
                    "The gateway does not reach identity or some cells yet: ./run.sh status.",
                ]
            )

    def _routes_there(self) -> bool:
        """Whether a request with a token gets to identity and to every cell, through every door of the gateway."""
        cells = {unit.name for unit in self.units if unit.record.kind == CELL and not unit.record.problem}
        governance = next((unit for unit in self.units if unit.name == "governance"), None)
        if governance is None:
            cells = set()
        elif cells and not cells <= reaching.open_cells(governance.record.port, self.layout):
            return False
        gateway = next((unit for unit in self.units if unit.record.kind == GATEWAY), None)
        if gateway is None or not any(unit.name == "identity" for unit in self.units):
            return True
        pages = any(unit.name == services.WEB for unit in self.units)
        doors = [gateway.record.port, *((self.ports.client, self.ports.admin) if pages else ())]
        return reaching.all_reached(self._visitor, doors, cells)

    def _turn(self, seconds: float) -> None:
        """Once around: what ended, what answered, what is due."""
        self.rest()
        for key, _ in self.selector.select(seconds):
            key.data()
        self.rest()
        now = time.monotonic()
        for unit in self.units:
            if unit.process is None:
                if now >= unit.begin_at and not unit.held:
                    self._start(unit)
            elif unit.hangs:
                self.log(f"{unit.name} does not answer any more and is killed")
                unit.process.send(signal.SIGKILL)
                unit.silent = 0
            else:
                self._ask(unit, now)
        self.operating.turn(now)
        if self._control is not None:
            self._control.forget_silent()
        if now >= self._rotate_at:
            self._rotate_at = now + _ROTATE_SECONDS
            logfiles.rotate(self.layout.logs)

    def _ask(self, unit: Unit, now: float) -> None:
        if unit.probe is not None:
            if unit.probe.finished:
                unit.probe = None
            elif now > unit.probe.deadline:
                unit.probe.finish(0)
        if not unit.wants_probe():
            return
        if unit.ready_check is not None:
            if self._check_self(unit):
                unit.next_probe = now + 3600
            return

        def done(status: int) -> None:
            if unit.answered(status):
                self.log(f"{unit.name} is ready")
                self.save()

        path = unit.alive_path if unit.record.ready else unit.ready_path
        probe = probes.Probe(self.selector, unit.record.port, path, done)
        unit.probe = None if probe.finished else probe

    def _check_self(self, unit: Unit) -> bool:
        if not unit.record.ready and unit.process and unit.ready_check and unit.ready_check(unit.process):
            unit.record.ready = True
            self.log(f"{unit.name} is ready")
            self.save()
        return unit.record.ready

    def _start(self, unit: Unit) -> None:
        try:
            process = unit.start()
        except (TroubleError, OSError) as error:
            self.log(f"{unit.name} cannot be started: {error}")
            unit.died()
            unit.begin_at = max(unit.begin_at, time.monotonic() + 1)
            return
        self._watch(process, unit)
        self.save()

    def _watch(self, process: Process, unit: Unit) -> None:
        self.selector.register(process.pidfd, selectors.EVENT_READ, lambda: self._ended(process, unit))

    def _ended(self, process: Process, unit: Unit) -> None:
        if not process.ended():
            return
        self.selector.unregister(process.pidfd)
        if unit.probe is not None:
            unit.probe.finish(0)
            unit.probe = None
        pause = unit.died()
        again = "stopped on purpose" if unit.held else f"again in {pause:.1f} s"
        self.log(f"{unit.name} (pid {process.pid}) ended with {process.code}; {again}")
        if pause == 0 and not unit.held and self.state.phase == "ready":
            self._start(unit)
        self.save()

    def _stop(self, phase: str) -> None:
        self.state.phase = "stopping"
        self.save()
        self.operating.end()
        if self._control is not None:
            self._control.close()
        records = [unit.record for unit in self.units]
        stopping.stop(records, self.ports.gateway_admin, self.step)
        self.state.phase = phase
        self.units = [] if phase == "stopped" else self.units
        self.save()
