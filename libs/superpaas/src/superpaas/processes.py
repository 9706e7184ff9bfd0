"""Processes of the platform: executed programs and forked services, all watched through a pidfd.

A pidfd becomes readable when its process ends, also for a process that another supervisor started before us, so the
main loop treats our own children and adopted ones alike.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import random
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from superpaas import logfiles
from superpaas.state import start_ticks

FAILED = 70


@dataclass(frozen=True, slots=True)
class User:
    """Whom a program runs as when the supervisor is root and the program refuses to be."""

    name: str
    uid: int
    gid: int


class Process:
    """One running process."""

    def __init__(self, pid: int, popen: subprocess.Popen[bytes] | None = None) -> None:
        self.pid = pid
        self.start = start_ticks(pid)
        self.pidfd = os.pidfd_open(pid)
        self._popen = popen
        self._code: int | None = None

    def ended(self) -> bool:
        """Whether it has ended; reaps it when it is our child."""
        if self._code is not None:
            return True
        if self._popen is not None:
            self._code = self._popen.poll()
            return self._code is not None
        try:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
        except ChildProcessError:
            # Adopted: its exit code goes to whoever reaps it.
            if start_ticks(self.pid) != self.start or self.start == 0:
                self._code = 0
            return self._code is not None
        if pid:
            self._code = os.waitstatus_to_exitcode(status)
        return self._code is not None

    @property
    def code(self) -> int:
        """How it ended: negative for a signal."""
        return self._code or 0

    def send(self, number: signal.Signals) -> None:
        """Signal exactly this process, never a later one with its id."""
        with contextlib.suppress(ProcessLookupError, OSError):
            signal.pidfd_send_signal(self.pidfd, number)

    def close(self) -> None:
        """Let go of the descriptor."""
        if self.pidfd >= 0:
            os.close(self.pidfd)
            self.pidfd = -1


def execute(
    command: Sequence[str],
    log: Path,
    *,
    environment: Mapping[str, str],
    user: User | None = None,
    cwd: Path | None = None,
) -> Process:
    """Start a program in a session of its own with its output in ``log``."""
    with os.fdopen(logfiles.begin(log), "ab") as output:
        popen = subprocess.Popen(  # noqa: S603 - a list of arguments, never a shell
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=dict(environment),
            cwd=cwd,
            start_new_session=True,
            user=user.uid if user else None,
            group=user.gid if user else None,
            extra_groups=[] if user else None,
            umask=0o077 if user else -1,
        )
    return Process(popen.pid, popen)


def fork(work: Callable[[], None], log: Path, *, environment: Mapping[str, str]) -> Process:
    """Run ``work`` in a child that shares everything imported so far."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _child(work, log, environment)
    return Process(pid)


def _child(work: Callable[[], None], log: Path, environment: Mapping[str, str]) -> NoReturn:
    code = FAILED
    try:
        os.setsid()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        _redirect(log)
        os.environ.clear()
        os.environ.update(environment)
        random.seed()
        gc.enable()
        work()
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:  # noqa: BLE001 - whatever it was, it belongs in the child's own log
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            logging.shutdown()
            sys.stdout.flush()
            sys.stderr.flush()
        # Not sys.exit: the supervisor's own clean-up must not run in its child.
        os._exit(code)


def _redirect(log: Path) -> None:
    output = logfiles.begin(log)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    # Everything else the supervisor has open is its own affair.
    os.closerange(3, 1024)


def last_line(log: Path) -> str:
    """The last line of a log, shortened: what a person needs to see first."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 4096))
            lines = file.read().decode("utf-8", "replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1].strip()[:300] if lines else ""
