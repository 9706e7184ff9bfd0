"""Asks the supervisor of this machine for something: platform services may stop cells and begin backups through it.

In containers there is none; somebody else starts and stops processes there.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import msgspec

from cellkit.errors import Conflict, NotFound, ServiceError, Unavailable
from cellkit.http.messages import from_json, to_json

_SECONDS = 5.0


class NoSupervisor(ServiceError):
    """Processes are not ours to start and stop."""

    code, status = "NO_SUPERVISOR", 409
    zh = "本机没有守护进程（如容器部署），请用部署平台自己的办法启停"
    en = "No supervisor runs here (as in containers); use your deployment's own means"


class Busy(ServiceError):
    """The supervisor does the same already."""

    code, status = "BUSY", 409
    zh, en = "同样的任务正在进行，请等它结束", "The same is being done already; wait until it has ended"


async def ask(data_folder: Path, **words: Any) -> dict[str, Any]:
    """One question and its answer; raises what the supervisor refuses with."""
    folder = data_folder / "run"
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        raise NoSupervisor from None
    try:
        # Through the descriptor: a socket's own path may not be longer than 107 bytes.
        async with asyncio.timeout(_SECONDS):
            reader, writer = await asyncio.open_unix_connection(f"/proc/self/fd/{descriptor}/control.sock")
            writer.write(to_json(words) + b"\n")
            line = await reader.readline()
            writer.close()
        answer = from_json(line)
    except (FileNotFoundError, ConnectionRefusedError):
        raise NoSupervisor from None
    except (OSError, TimeoutError, msgspec.DecodeError):
        raise Unavailable from None
    finally:
        os.close(descriptor)
    return _checked(answer)


def stopped_cells(data_folder: Path) -> frozenset[str]:
    """The cells whose processes an operator has stopped on this machine."""
    try:
        found = from_json((data_folder / "run" / "held.json").read_bytes())
    except (OSError, msgspec.DecodeError):
        return frozenset()
    return frozenset(str(name) for name in found) if isinstance(found, list) else frozenset()


def _checked(answer: Any) -> dict[str, Any]:
    error = answer.get("error") if isinstance(answer, dict) else "?"
    if error is None:
        return dict(answer)
    known: dict[str, type[ServiceError]] = {"NOT_FOUND": NotFound, "BUSY": Busy, "CONFLICT": Conflict}
    raise known.get(str(error), Unavailable)
