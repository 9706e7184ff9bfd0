"""What the command line needs to know of a service in order to run it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from cellkit.labels import Label
from cellkit.settings import Settings


@dataclass(frozen=True, slots=True)
class Service:
    """One service: found by the entry point group ``superpaas.services``.

    ``create_app`` makes the ASGI application in the process that serves it; ``migrate`` brings the service's
    database to this version and returns what it did (an empty list when nothing was to do).
    """

    name: str
    kind: Literal["platform", "cell"]
    port: int
    label: Label
    version: str
    create_app: Callable[[Settings], Any]
    migrate: Callable[[Settings], list[str]] = field(default=lambda _settings: [])
    needs_database: bool = True
