"""``superpaas up``: start the platform and return when all of it is ready."""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from superpaas import booting, compiling, logfiles, services, state, webapps
from superpaas.layout import Layout, repository
from superpaas.messages import TroubleError, complain, pick, say
from superpaas.ports import DEFAULT_BASE, Ports
from superpaas.processes import last_line
from superpaas.progress import Progress, summary
from superpaas.state import State

_LEAST_FREE = 300 * 1024 * 1024
_FOLDERS = ("logs", "run", "secrets", "gateway", "files")
_SILENCE_SECONDS = 10


def run(options: argparse.Namespace) -> int:
    """Start, or tell what runs already."""
    data = Path(options.data).resolve()
    layout = Layout(data)
    only = options.only.split(",") if options.only is not None else None
    if options.no_web:
        # By the environment, so that every later supervisor of this platform knows it, too.
        os.environ["SUPERPAAS_WEB"] = "0"
    chosen = services.choose(only)
    running = state.read(layout)
    if running is not None and running.supervised and running.phase != "stopping":
        return _already(layout, running, options, only)
    _wait_for_the_end(running)
    base = options.port_base or int(os.environ.get("SUPERPAAS_PORT_BASE", "0")) or DEFAULT_BASE
    ports = Ports(base)
    try:
        _make_folders(data)
    except OSError as error:
        raise booting.told(error, layout) from None
    if services.WEB in chosen:
        webapps.ensure(repository())
    guardian = _start(layout, ports, only, stay=options.foreground)
    if options.foreground:
        # Before the wait: a signal that comes while all is still starting must stop the platform, not just us.
        _pass_signals_on(guardian)
    try:
        code = _follow(layout, guardian)
    except _FailedError:
        if options.foreground and guardian.wait() == 0:
            return 0
        raise
    return guardian.wait() or code if options.foreground else code


def _already(layout: Layout, running: State, options: argparse.Namespace, only: list[str] | None) -> int:
    """A platform runs here: wait for it if it is still starting; say what the caller wants otherwise."""
    code = _follow(layout, None) if running.phase == "starting" else 0
    current = state.read(layout) or running
    differences = []
    if only is not None and set(services.choose(only)) != set(services.choose(current.only)):
        now = ",".join(name for name in services.choose(current.only) if name not in services.PLATFORM_ORDER)
        differences.append((f"--only {options.only}（现为 {now}）", f"--only {options.only} (now {now})"))
    if options.port_base and options.port_base != current.port_base:
        differences.append(
            (
                f"--port-base {options.port_base}（现为 {current.port_base}）",
                f"--port-base {options.port_base} (now {current.port_base})",
            )
        )
    if options.no_web and current.process(services.WEB) is not None:
        differences.append(("--no-web（现已启动网页应用）", "--no-web (they run now)"))
    if differences:
        complain(
            pick(
                f"平台已在运行，未作改动；与要求不同：{'；'.join(zh for zh, _ in differences)}。"
                "要改请先 ./run.sh down，再 up。",
                f"The platform runs already and was left as it is; different: {'; '.join(en for _, en in differences)}."
                " To change that: ./run.sh down, then up.",
            )
        )
        return 1
    if code == 0 and running.phase != "starting":
        say("平台已在运行，未作改动。", "The platform runs already; nothing was changed.")
        summary(layout, current)
    return code


def _wait_for_the_end(running: State | None) -> None:
    if running is not None and running.supervised:
        say("上一次运行正在停止，稍候……", "The last run is stopping, wait ...")
        state.wait_gone(running.supervisor, running.supervisor_start, 90)


def _make_folders(data: Path) -> None:
    data.mkdir(parents=True, exist_ok=True)
    for name in _FOLDERS:
        (data / name).mkdir(mode=0o700 if name in {"secrets", "files"} else 0o755, exist_ok=True)
    # Writing is the only honest test of the right to write.
    probe = data / "run" / f".probe.{os.getpid()}"
    probe.write_text("x", encoding="utf-8")
    probe.unlink()
    free = shutil.disk_usage(data).free
    if free < _LEAST_FREE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(data))


def _start(layout: Layout, ports: Ports, only: list[str] | None, *, stay: bool) -> subprocess.Popen[bytes]:
    """Start the guardian, which starts the supervisor, in a session of its own."""
    with contextlib.suppress(FileNotFoundError):
        # An old state must not be mistaken for the new one; the processes in it are still needed to clear away.
        old = state.read(layout)
        if old is not None:
            old.phase, old.error_zh, old.error_en, old.supervisor = "starting", "", "", 0
            state.write(layout, old)
    arguments = [sys.executable, "-m", "superpaas.guardian", str(layout.data), str(ports.base)]
    arguments += [",".join(only)] if only is not None else []
    # Large pieces go back to the system when they are freed: the C library would keep the first password's 19 MB.
    malloc = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "1048576", "MALLOC_TRIM_THRESHOLD_": "2097152"}
    environment = {**os.environ, **malloc, **compiling.kept(os.environ, sys.prefix), "PYTHONUNBUFFERED": "1"}
    with os.fdopen(logfiles.begin(layout.log("supervisor")), "ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own module, a list of arguments
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
            cwd=layout.data if not stay else None,
        )


def _follow(layout: Layout, guardian: subprocess.Popen[bytes] | None) -> int:
    """Show the progress until all is ready or has failed."""
    with Progress() as progress:
        silent_since = time.monotonic()
        while True:
            current = state.read(layout)
            if current is not None and current.supervisor:
                progress.show(current)
                if current.phase in {"ready", "failed", "stopped"}:
                    break
                if current.supervised:
                    silent_since = time.monotonic()
            # Ours is alive until it ends, however slow the machine; another's is known by its supervisor alone.
            silent = time.monotonic() - silent_since > _SILENCE_SECONDS
            if silent if guardian is None else guardian.poll() is not None:
                current = state.read(layout)
                break
            time.sleep(0.05)
    if current is not None and current.phase == "ready":
        summary(layout, current)
        for zh, en in current.notices:
            complain(pick(zh, en))
        return 1 if current.notices else 0
    error = pick(current.error_zh, current.error_en) if current is not None else ""
    raise _FailedError(error, layout)


class _FailedError(TroubleError):
    """The supervisor gave up; it said why, or its log does."""

    def __init__(self, error: str, layout: Layout) -> None:
        log = layout.log("supervisor")
        line = last_line(log)
        super().__init__(
            error or f"守护进程意外退出：{line}（日志 {log}）。", error or f"The supervisor ended: {line} (log {log})."
        )


def _pass_signals_on(guardian: subprocess.Popen[bytes]) -> None:
    """Ctrl-C and SIGTERM stop the platform in order."""

    def stop(_number: int, _frame: object) -> None:
        guardian.terminate()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
