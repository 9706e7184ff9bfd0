"""The route table as a document: what an operator or a registration declares, version by version.

Instances and lights are not in it: they come and go by themselves and cannot be rolled back to.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from platform_gateway.routing import PLATFORM_ROUTES


@dataclass(frozen=True, slots=True)
class CellEntry:
    """A cell's line in the table; ``timeout_seconds`` None takes the gateway's own."""

    enabled: bool = True
    timeout_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class RouteTable:
    """All cells that have a route. The platform's own paths belong to the product's version and are always there."""

    cells: dict[str, CellEntry]

    def with_cell(self, name: str, entry: CellEntry) -> RouteTable:
        """The table with a cell added or changed."""
        return RouteTable({**self.cells, name: entry})

    def without_cell(self, name: str) -> RouteTable:
        """The table without a cell."""
        return RouteTable({key: value for key, value in self.cells.items() if key != name})

    def as_json(self) -> dict[str, Any]:
        """``{"cells": {name: {"path", "enabled", "timeout_seconds"}}, "platform": [{"path", …}]}``."""
        return {
            "cells": {name: {"path": f"/api/v1/{name}", **asdict(entry)} for name, entry in sorted(self.cells.items())},
            "platform": [asdict(item) for item in PLATFORM_ROUTES],
        }


def table_from_json(value: dict[str, Any]) -> RouteTable:
    """Read what :meth:`RouteTable.as_json` wrote."""
    return RouteTable(
        {
            name: CellEntry(
                bool(item["enabled"]), None if item["timeout_seconds"] is None else float(item["timeout_seconds"])
            )
            for name, item in value["cells"].items()
        }
    )


def rolled_back(current: RouteTable, old: RouteTable) -> RouteTable:
    """The settings of an old version. Cells that came later stay: they run, and would register again anyway."""
    return RouteTable({**current.cells, **old.cells})


def difference(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """``[{"path", "before", "after"}]`` for every leaf that differs; a missing one is None."""
    first, second = dict(_leaves("", before)), dict(_leaves("", after))
    return [
        {"path": path, "before": first.get(path), "after": second.get(path)}
        for path in sorted(first.keys() | second.keys())
        if first.get(path) != second.get(path) or (path in first) != (path in second)
    ]


def _leaves(path: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        return [leaf for key, item in value.items() for leaf in _leaves(f"{path}.{key}" if path else key, item)]
    if isinstance(value, list) and value:
        return [leaf for place, item in enumerate(value) for leaf in _leaves(f"{path}[{_key_of(item, place)}]", item)]
    return [(path, value)]


def _key_of(item: Any, place: int) -> str:
    return str(item["path"]) if isinstance(item, dict) and "path" in item else str(place)
