"""Views for handheld scanners: a code is read, a document is found by it, an action is performed on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cellkit.declare.actions import Action
from cellkit.declare.document import Document, Table
from cellkit.errors import FieldProblem, problem

MOST_CODES = 10


def actions_of(table: type[Table]) -> dict[str, Action]:
    """The actions of a document by verb; none of a table that is only read."""
    return table.actions if issubclass(table, Document) else {}


def with_defaults(settings: Mapping[str, Any], table: type[Table]) -> dict[str, Any]:
    """A scan view that says little: by the number (or title), asking for all that its action takes."""
    made = dict(settings)
    if not made.get("codes"):
        first = "number" if getattr(table, "number", None) else table.title
        made["codes"] = [first] if first else []
    found = actions_of(table).get(str(made.get("action")))
    if found is not None and made.get("ask") is None:
        # Lines are chosen at a desk.
        made["ask"] = [name for name, item in found.parameters.items() if item.kind != "lines"]
    return made


def scan_problems(settings: Mapping[str, Any], table: type[Table]) -> list[FieldProblem]:
    """What does not fit together: parameters that are not the action's, or needed and not asked for."""
    asked: list[str] = settings.get("ask", [])
    found = actions_of(table).get(str(settings.get("action")))
    parameters = {} if found is None else found.parameters
    problems = [
        problem(f"settings.ask[{place}]", "unknown", f"操作没有参数“{name[:60]}”", f"No parameter “{name[:60]}”")
        for place, name in enumerate(asked)
        if name not in parameters
    ]
    problems += [
        problem("settings.ask", "required", f"操作需要参数“{name}”", f"The action needs “{name}”")
        for name, item in parameters.items()
        if item.required and name not in asked
    ]
    if settings.get("at_once") and (asked or found is None):
        problems.append(
            problem("settings.at_once", "kind", "只有无需参数的操作可以扫码即办", "Only an action that asks nothing")
        )
    return problems


def scans(table: type[Table]) -> bool:
    """Whether a view for scanners is shipped with a document."""
    from cellkit.declare.views import declared_views  # noqa: PLC0415 - declarations load the kit

    return any(item.kind == "scan" for item in declared_views(table))
