"""``superpaas status``: process, port, light and memory of everything that runs."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from superpaas import memory, reaching, services, state
from superpaas.layout import Layout
from superpaas.messages import pick, say
from superpaas.ports import Ports
from superpaas.state import ProcessRecord, State

_STOPPED = 3


def run(options: argparse.Namespace) -> int:
    """Print a table, or JSON; the exit code is 3 when nothing runs."""
    layout = Layout(Path(options.data).resolve())
    current = state.read(layout)
    running = current is not None and (current.supervised or any(record.alive for record in current.processes))
    if options.json:
        json.dump(as_json(layout, current if running else None), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    elif current is None or not running:
        say("平台没有在运行。启动：./run.sh up", "The platform is not running. Start it: ./run.sh up")
    else:
        _table(layout, current)
    return 0 if running else _STOPPED


def as_json(layout: Layout, current: State | None) -> dict[str, Any]:
    """What ``--json`` prints."""
    if current is None:
        return {"phase": "stopped", "processes": [], "pssMb": 0}
    rows = _rows(layout, current)
    return {
        "phase": current.phase if current.supervised else "unsupervised",
        "portBase": current.port_base,
        "url": f"http://127.0.0.1:{current.port_base}",
        **_apps(current),
        "data": str(layout.data),
        "readySeconds": round(max(0.0, current.ready_at - current.started_at), 2),
        "pssMb": round(sum(row["pssMb"] or 0 for row in rows), 1),
        "processes": rows,
    }


def _apps(current: State) -> dict[str, str]:
    """Where the web apps are, when they are served."""
    ports = Ports(current.port_base)
    return {"client": ports.client_url, "admin": ports.admin_url} if current.process(services.WEB) is not None else {}


def _rows(layout: Layout, current: State) -> list[dict[str, Any]]:
    governance = current.process("governance")
    lights = reaching.lights(governance.port, layout) if governance is not None and governance.alive else None
    records = list(current.processes)
    if current.supervised:
        records.append(_supervisor(current))
    return [_row(record, lights or {}) for record in records]


def _supervisor(current: State) -> ProcessRecord:
    return ProcessRecord("supervisor", "supervisor", 0, current.supervisor, current.supervisor_start, ready=True)


def _row(record: ProcessRecord, lights: dict[str, dict[str, Any]]) -> dict[str, Any]:
    light = lights.get(record.name, {})
    own = "green" if record.alive and record.ready else "yellow" if record.alive else "red"
    return {
        "name": record.name,
        "kind": record.kind,
        "pid": record.pid if record.alive else None,
        "port": record.port or None,
        "light": light.get("light") or own,
        "reason": record.problem or (None if light.get("light") == "green" else light.get("reason")),
        "restarts": record.restarts,
        "pssMb": _memory(record),
    }


def _memory(record: ProcessRecord) -> float | None:
    if not record.alive:
        return None
    # The supervisor's children are listed themselves; the database's are sessions.
    return memory.pss_mb(record.pid, with_children=record.kind != "supervisor")


def _table(layout: Layout, current: State) -> None:
    from rich.console import Console  # noqa: PLC0415 - only here
    from rich.table import Table  # noqa: PLC0415 - the same

    whole = as_json(layout, current)
    table = Table(box=None, pad_edge=False, header_style="bold")
    heads = [("服务", "service"), ("进程", "pid"), ("端口", "port"), ("灯", "light"), ("内存 MB", "PSS MB")]
    heads += [("重启", "restarts"), ("原因", "reason")]
    for place, (zh, en) in enumerate(heads):
        table.add_column(pick(zh, en), justify="right" if place in {1, 2, 4, 5} else "left")
    names = {"green": pick("绿", "green"), "yellow": pick("黄", "yellow"), "red": pick("红", "red")}
    for row in whole["processes"]:
        light = row["light"] if row["light"] in names else "yellow"
        cells = [row["name"], row["pid"], row["port"], f"[{light}]● {names[light]}[/]", row["pssMb"]]
        cells += [row["restarts"] or "", row["reason"]]
        table.add_row(*("" if cell is None else str(cell) for cell in cells))
    Console().print(table)
    phases = {"ready": ("运行中", "running"), "starting": ("启动中", "starting"), "stopping": ("停止中", "stopping")}
    zh, en = phases.get(whole["phase"], ("无守护进程，请执行 ./run.sh up", "no supervisor: run ./run.sh up"))
    if "client" in whole:
        places = whole["client"], whole["admin"]
        say("客户端 {} · 管理端 {}".format(*places), "client {} · admin {}".format(*places))
    say(f"{zh} · {whole['url']} · 共 {whole['pssMb']} MB", f"{en} · {whole['url']} · {whole['pssMb']} MB in all")
