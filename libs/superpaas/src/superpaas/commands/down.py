"""``superpaas down``: stop the platform in order; nothing is left running."""

from __future__ import annotations

import argparse
import os
import signal
import time
from pathlib import Path

from superpaas import state, stopping
from superpaas.layout import Layout
from superpaas.messages import TroubleError, pick, say
from superpaas.ports import Ports
from superpaas.state import State

_STOP_SECONDS = 120


def run(options: argparse.Namespace) -> int:
    """Stop what runs in the data directory."""
    layout = Layout(Path(options.data).resolve())
    current = state.read(layout)
    if current is None or not (current.supervised or any(record.alive for record in current.processes)):
        say("平台没有在运行。", "The platform is not running.")
        return 0
    if current.supervised:
        _ask(current)
        _wait(layout, current)
    left = [record for record in current.processes if record.alive]
    if left:
        stopping.stop(left, Ports(current.port_base).gateway_admin, lambda zh, en: say(f"{zh}……", f"{en} ..."))
        current.phase = "stopped"
        state.write(layout, current)
    if any(record.alive for record in left):
        names = ", ".join(record.name for record in left if record.alive)
        raise TroubleError(f"{names} 未能停止，请检查权限后重试。", f"{names} could not be stopped: check your rights.")
    say("平台已停止。", "The platform has stopped.")
    return 0


def _ask(current: State) -> None:
    try:
        os.kill(current.supervisor, signal.SIGTERM)
    except PermissionError:
        raise TroubleError(
            "平台由别的用户启动，请用该用户或 root 执行 ./run.sh down。",
            "Another user started the platform: run ./run.sh down as that user or as root.",
        ) from None
    except ProcessLookupError:
        return


def _wait(layout: Layout, current: State) -> None:
    deadline, told = time.monotonic() + _STOP_SECONDS, ""
    while state.is_alive(current.supervisor, current.supervisor_start):
        now = state.read(layout)
        step = pick(now.step_zh, now.step_en) if now is not None and now.phase == "stopping" else ""
        if step and step != told:
            told = step
            say(f"{step}……", f"{step} ...")
        if time.monotonic() > deadline:
            os.kill(current.supervisor, signal.SIGKILL)
            return
        time.sleep(0.05)
