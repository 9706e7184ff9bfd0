"""Reports: read-only answers with parameters, served at ``GET /api/v1/<cell>/reports/<name>``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cellkit.declare.document import Row
from cellkit.declare.fields import Field
from cellkit.labels import Label

ReportFunction = Callable[[Any, Row], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Report:
    """One report; its permission is ``<cell>.report.<name>``."""

    name: str
    label: Label
    function: ReportFunction
    parameters: dict[str, Field]
    reads: tuple[str, ...] = ()
    cache_seconds: float = 0


def report(
    name: str,
    label: Label,
    *,
    parameters: dict[str, Field] | None = None,
    reads: Sequence[str] = (),
    cache_seconds: float = 0,
) -> Callable[[ReportFunction], Report]:
    """Declare a report: ``async def trial_balance(work, parameters) -> dict``; ``work`` may only read.

    ``reads``: the fields whose values it tells or adds up (``"crm.opportunity.amount"``); a caller from whom a field
    rule hides or masks one of them is refused, because figures made of it would tell it. ``cache_seconds``: the same
    question of the same user under the same rights may be answered from the shared cache (``REDIS_URL``) for so long,
    600 at most; without one every question is computed.
    """
    named = dict(parameters or {})
    for key, item in named.items():
        item.name = key

    def decorate(function: ReportFunction) -> Report:
        return Report(name, label, function, named, tuple(reads), cache_seconds)

    return decorate
