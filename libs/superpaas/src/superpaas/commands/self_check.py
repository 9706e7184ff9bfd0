"""``superpaas self_check``: quick checks of the running platform, through the gateway, as a client sees it."""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

from superpaas import probes, services, state
from superpaas.layout import Layout
from superpaas.messages import TroubleError, say
from superpaas.ports import Ports
from superpaas.state import ProcessRecord, State
from superpaas.units import CELL

Check = tuple[str, str, Callable[[], bool]]


def run(options: argparse.Namespace) -> int:
    """Check, print a line each, and fail when one failed."""
    layout = Layout(Path(options.data).resolve())
    current = state.read(layout)
    if current is None or not current.supervised:
        raise TroubleError("平台没有在运行。启动：./run.sh up", "The platform is not running. Start it: ./run.sh up")
    passed = failed = 0
    for zh, en, check in _checks(current):
        good = check()
        passed, failed = passed + good, failed + (not good)
        say(f"{'✔' if good else '✘'} {zh}", f"{'✔' if good else '✘'} {en}")
    print(f"{passed} passed, {failed} failed")  # noqa: T201 - the closing line
    if failed:
        say("有检查未通过：看 ./run.sh status 与 ./run.sh logs 名称。", "See ./run.sh status and ./run.sh logs NAME.")
    return int(failed > 0)


def _checks(current: State) -> Iterator[Check]:
    gateway = Ports(current.port_base).gateway
    for record in current.processes:
        yield f"{record.name} 在运行且就绪", f"{record.name} runs and is ready", functools.partial(_runs, record)
    if services.gateway_module():
        yield "网关 /health", "gateway /health", functools.partial(_answers, gateway, "/health")
        yield "签名公钥可取", "signing keys are served", functools.partial(_answers, gateway, "/api/v1/auth/jwks")
        if current.process(services.WEB) is not None:
            ports = Ports(current.port_base)
            yield "客户端页面", "client page", functools.partial(_answers, ports.client, "/")
            yield "管理端页面", "admin page", functools.partial(_answers, ports.admin, "/")
        refused = functools.partial(_refuses, gateway, "/api/v1/nothing")
        yield "未知路径为契约错误", "unknown paths get the contract's error", refused
        for record in current.processes:
            if record.kind == CELL:
                refused = functools.partial(_refuses, gateway, f"/api/v1/{record.name}/_meta")
                yield f"{record.name}：无令牌被拒", f"{record.name}: refused without a token", refused


def _runs(record: ProcessRecord) -> bool:
    return record.alive and record.ready


def _answers(port: int, path: str) -> bool:
    return probes.ask(port, path)[0] == HTTPStatus.OK


def _refuses(port: int, path: str) -> bool:
    """Whether the answer is an error in the contract's shape."""
    status, body = probes.ask(port, path)
    shape = {"code", "message", "details", "requestId"}
    return status >= HTTPStatus.BAD_REQUEST and isinstance(body, dict) and shape <= body.keys()
