"""Saved views as an ability of every cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cellkit.declare.document import Table
from cellkit.features import Context, Feature
from cellkit.views.tables import metadata

if TYPE_CHECKING:
    from cellkit.cell import Cell
    from cellkit.ops.access import RoleDocument


def _documents(cell: str) -> Sequence[type[Table]]:
    from cellkit.views.documents import documents  # noqa: PLC0415 - not before a cell is made

    return documents(cell)


def _permissions(cell: Cell) -> list[str]:
    return [f"{cell.name}.view.share"]


def _metadata(cell: Cell, role: RoleDocument, language: str) -> dict[str, Any]:
    from cellkit.views.scanning import scans  # noqa: PLC0415 - not before somebody asks
    from cellkit.views.settings import read_settings  # noqa: PLC0415
    from cellkit.views.system import system_views, tag_of  # noqa: PLC0415

    readable = [table for table in cell.documents if role.allows(f"{table.key}.read")]
    if not readable:
        return {}
    return {
        "path": f"/api/v1/{cell.name}/_views",
        "share": role.allows(f"{cell.name}.view.share"),
        # Views themselves are asked for when a list is opened; this tells when the shipped ones have changed.
        "entities": {table.key: tag_of(table) for table in readable},
        # Pages for handheld scanners that the caller can use, for the menu: id and name.
        "scans": [
            {"id": item.id, "entity": table.key, "name": item.name.text(language)}
            for table in readable
            if scans(table)
            for item in system_views(table)
            if item.kind == "scan" and read_settings(item.kind, item.settings, table, role).usable
        ],
    }


def _install(context: Context) -> None:
    from cellkit.reporting.run import Reports  # noqa: PLC0415 - not before a cell is made
    from cellkit.views.described import group_paths, view_paths  # noqa: PLC0415
    from cellkit.views.routes import ViewRoutes, groups_endpoint  # noqa: PLC0415
    from cellkit.views.system import check_declared  # noqa: PLC0415

    engine, app = context.engine, context.app
    ViewRoutes(engine).add_to(app.router)
    app.extra_paths |= view_paths(engine.cell)
    reports = Reports(engine)
    for table in context.cell.documents:
        check_declared(table)
        app.router.add("GET", f"/api/v1/{engine.cell}/{table.plural}/_groups", groups_endpoint(engine, reports, table))
        app.extra_paths |= group_paths(engine.cell, table)


FEATURE = Feature(
    name="views",
    documents=_documents,
    tables=metadata,
    permissions=_permissions,
    metadata=_metadata,
    install=_install,
)
