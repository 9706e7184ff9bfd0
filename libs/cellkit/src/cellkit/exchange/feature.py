"""The import wizard as an ability of every cell; plain imports and exports are routes of each table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellkit.declare.document import Document
from cellkit.exchange.wizard_jobs import JOBS
from cellkit.exchange.wizard_tables import metadata
from cellkit.features import Context, Feature

if TYPE_CHECKING:
    from cellkit.cell import Cell
    from cellkit.ops.access import RoleDocument


def _metadata(cell: Cell, role: RoleDocument, language: str) -> dict[str, Any]:
    documents = {
        table.key: table.label.text(language)
        for table in cell.documents
        if issubclass(table, Document) and table.creatable and role.allows(f"{table.key}.import")
    }
    return {"path": f"/api/v1/{cell.name}/_imports", "documents": documents} if documents else {}


def _install(context: Context) -> None:
    from cellkit.exchange.purging import Purge  # noqa: PLC0415 - not before a cell is made
    from cellkit.exchange.wizard import Wizard  # noqa: PLC0415
    from cellkit.exchange.wizard_described import wizard_paths  # noqa: PLC0415

    app, engine = context.app, context.engine
    Wizard(engine).add_to(app.router)
    app.extra_paths |= wizard_paths(engine.cell)
    app.background("import files", Purge(engine.database).run)


FEATURE = Feature(name="exchange", tables=metadata, metadata=_metadata, install=_install, jobs=JOBS)
