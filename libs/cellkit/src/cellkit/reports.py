"""Reports: read-only answers with parameters, served at ``GET /api/v1/<cell>/reports/<name>``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
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
    columns: dict[str, Field] = field(default_factory=dict)
    figures: dict[str, Field] = field(default_factory=dict)
    links: dict[str, tuple[str, str]] = field(default_factory=dict)
    chart: tuple[str, str, tuple[str, ...]] | None = None


def report(
    name: str,
    label: Label,
    *,
    parameters: dict[str, Field] | None = None,
    reads: Sequence[str] = (),
    cache_seconds: float = 0,
    columns: Mapping[str, Field] | None = None,
    figures: Mapping[str, Field] | None = None,
    links: Mapping[str, tuple[str, str]] | None = None,
    chart: tuple[str, str, str] | None = None,
) -> Callable[[ReportFunction], Report]:
    """Declare a report: ``async def trial_balance(work, parameters) -> dict``; ``work`` may only read.

    ``reads``: the fields whose values it tells or adds up (``"crm.opportunity.amount"``); a caller from whom a field
    rule hides or masks one of them is refused, because figures made of it would tell it. ``cache_seconds``: the same
    question of the same user under the same rights may be answered from the shared cache (``REDIS_URL``) for so long,
    600 at most; without one every question is computed.

    How pages show it: ``columns`` describe the values of an item, in order; ``figures`` those beside the items
    (``opening``, ``difference``). ``links``: which document a column leads to, by the value that holds its id
    (``{"partner_name": ("erp.partner", "partner_id")}``). ``chart``: how it is drawn, over which column, of which
    (``("stacked", "partner_name", "not_due over_90")``).
    """
    shown, beside, leads = _named(columns), _named(figures), dict(links or {})
    drawn = None if chart is None else (chart[0], chart[1], tuple(chart[2].split()))
    used = {*leads, *((drawn[1], *drawn[2]) if drawn is not None else ())}
    if used - shown.keys():
        message = f"report {name}: no column {min(used - shown.keys())}"
        raise ValueError(message)
    asked = _named(parameters)

    def decorate(function: ReportFunction) -> Report:
        return Report(name, label, function, asked, tuple(reads), cache_seconds, shown, beside, leads, drawn)

    return decorate


def _named(fields: Mapping[str, Field] | None) -> dict[str, Field]:
    """The fields, each knowing its name."""
    named = dict(fields or {})
    for key, item in named.items():
        item.name = key
    return named
