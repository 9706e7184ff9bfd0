"""``superpaas serve NAME``: one service in this process, with the environment as its settings (for containers)."""

from __future__ import annotations

import argparse
import os

from superpaas import booting, services
from superpaas.messages import TroubleError, say


def run(options: argparse.Namespace) -> int:
    """Run a service, or the gateway, until it is told to stop."""
    if options.name == "gateway" and services.gateway_module():
        _become_the_gateway()
    point = services.discover().get(options.name)
    if point is None:
        names = ", ".join(services.discover()) or "-"
        raise TroubleError(f"没有名为 {options.name} 的服务；现有：{names}。", f"No service {options.name}: {names}.")
    from cellkit.settings import SettingsError, read_settings  # noqa: PLC0415 - not needed by other commands

    service = point.load()
    try:
        if options.migrate:
            for line in service.migrate(read_settings(service.name, default_port=service.port)):
                say(line, line)
        booting.serve(service)
    except SettingsError as error:
        raise TroubleError(f"设置有误：{error}", f"A setting is wrong: {error}") from None
    return 0


def _become_the_gateway() -> None:
    command = booting.gateway_command(services.gateway_module(), os.environ)
    os.execv(command[0], command)  # noqa: S606 - hands over, nothing comes back
