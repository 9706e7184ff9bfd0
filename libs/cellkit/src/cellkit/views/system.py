"""Views that are shipped: those declared on a document, and a list where none is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from cellkit.declare.document import Table
from cellkit.declare.views import KIND_LABELS, declared_views
from cellkit.http.messages import to_json
from cellkit.labels import Label
from cellkit.views.settings import default_columns, read_settings


@dataclass(frozen=True, slots=True)
class SystemView:
    """One shipped view; ``id`` is ``<entity>.<name>``."""

    id: str
    entity: str
    name: Label
    kind: str
    settings: dict[str, Any]
    default: bool


def system_views(table: type[Table]) -> list[SystemView]:
    """The shipped views of a table; one of them is the default."""
    found: list[SystemView] = []
    declared = declared_views(table)
    if not any(item.kind == "list" for item in declared):
        settings = {"columns": default_columns(table)}
        found.append(SystemView(f"{table.key}.list", table.key, KIND_LABELS["list"], "list", settings, default=False))
    for item in declared:
        presets = [{"label": label.as_json(), "where": where} for label, where in item.presets.items()]
        settings = {**item.settings, **({"presets": presets} if presets else {})}
        if item.kind == "list" and "columns" not in settings:
            settings["columns"] = default_columns(table)
        found.append(
            SystemView(f"{table.key}.{item.name}", table.key, item.label, item.kind, settings, default=item.default)
        )
    if not any(item.default for item in found):
        first = next(index for index, item in enumerate(found) if item.kind == "list")
        chosen = found[first]
        found[first] = SystemView(chosen.id, chosen.entity, chosen.name, chosen.kind, chosen.settings, default=True)
    return found


def check_declared(table: type[Table]) -> None:
    """Raise :class:`ValueError` for a declared view that does not fit its document."""
    names: set[str] = set()
    for item in system_views(table):
        if item.id in names:
            message = f"{table.key}: two views are called {item.id}"
            raise ValueError(message)
        names.add(item.id)
        reading = read_settings(item.kind, item.settings, table, None)
        if reading.problems or not reading.usable:
            shown = "; ".join(f"{one['field']}: {one['message'].en}" for one in reading.problems)
            message = f"{table.key}: view {item.id}: {shown}"
            raise ValueError(message)


def tag_of(table: type[Table]) -> str:
    """A short word that changes with the shipped views of a table."""
    known: str | None = table.__dict__.get("_views_tag")
    if known is None:
        content = [(item.id, item.name, item.kind, item.settings, item.default) for item in system_views(table)]
        known = hashlib.sha256(to_json(content)).hexdigest()[:12]
        table._views_tag = known  # type: ignore[attr-defined]  # noqa: SLF001 - cached on the declaration it describes
    return known
