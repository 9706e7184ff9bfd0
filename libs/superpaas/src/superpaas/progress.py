"""What a person sees while the platform starts, and when it runs."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any, Self

from superpaas import services, state
from superpaas.layout import Layout, repository
from superpaas.messages import pick, say
from superpaas.ports import Ports
from superpaas.state import State


class Progress:
    """A live list on a terminal, plain lines elsewhere."""

    def __init__(self) -> None:
        self._live: Any = None
        self._told: set[str] = set()
        self._step = ""

    def __enter__(self) -> Self:
        if sys.stdout.isatty():
            from rich.live import Live  # noqa: PLC0415 - only on a terminal

            self._live = Live(transient=True, refresh_per_second=10)
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, current: State) -> None:
        """Show how far it is."""
        step = pick(current.step_zh, current.step_en)
        if self._live is not None:
            self._live.update(_picture(step, current))
            return
        if step and step != self._step and current.phase == "starting":
            self._step = step
            say(f"{step}……", f"{step} ...")
        for record in current.processes:
            if record.ready and record.name not in self._told:
                self._told.add(record.name)
                say(f"  {record.name} 就绪（端口 {record.port}）", f"  {record.name} ready (port {record.port})")


def _picture(step: str, current: State) -> Any:
    from rich.console import Group  # noqa: PLC0415 - only on a terminal
    from rich.spinner import Spinner  # noqa: PLC0415 - the same
    from rich.text import Text  # noqa: PLC0415 - the same

    lines: list[Any] = [Spinner("dots", text=step)]
    for record in current.processes:
        mark, style = ("✔", "green") if record.ready else ("✘", "red") if record.problem else ("·", "dim")
        lines.append(Text(f"  {mark} {record.name:<12} {record.port}", style=style))
    return Group(*lines)


def summary(layout: Layout, current: State) -> None:
    """Where everything is, and how to log in the first time."""
    ports = Ports(current.port_base)
    seconds = max(0.0, current.ready_at - current.started_at)
    say(f"平台已就绪（{seconds:.1f} 秒）。", f"The platform is ready ({seconds:.1f} s).")
    if current.process(services.WEB) is not None:
        say(f"  客户端      {ports.client_url}", f"  Client       {ports.client_url}")
        say(f"  管理端      {ports.admin_url}", f"  Admin        {ports.admin_url}")
    url = f"http://127.0.0.1:{ports.gateway}"
    say(f"  网关        {url}", f"  Gateway      {url}")
    cells = [record.name for record in current.processes if record.kind == "cell" and record.ready]
    say(f"  细胞        {', '.join(cells) or '无'}", f"  Cells        {', '.join(cells) or 'none'}")
    login = state.read_json(layout.first_login)
    if isinstance(login, dict):
        tenant, username = login.get("tenant"), login.get("username")
        say(
            f"  首个管理员  租户 {tenant}  用户 {username}  密码见 {_short(layout.first_login)}（仅本人可读）",
            f"  First admin  tenant {tenant}, user {username}, password in {_short(layout.first_login)} (yours alone)",
        )
    say(f"  数据        {_short(layout.data)}", f"  Data         {_short(layout.data)}")
    say("  查看状态 ./run.sh status · 停止 ./run.sh down", "  ./run.sh status shows what runs, ./run.sh down stops it")


def _short(path: Any) -> str:
    try:
        return str(path.relative_to(repository()))
    except ValueError:
        return str(path)
