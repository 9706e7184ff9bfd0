"""History and comments of documents as an ability of every cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellkit.declare.document import Document
from cellkit.features import Context, Feature
from cellkit.timeline.tables import metadata

if TYPE_CHECKING:
    from cellkit.cell import Cell
    from cellkit.ops.access import RoleDocument


def _discussed(cell: Cell) -> list[type[Document]]:
    """What people work with; the kit's own settings are told by the audit trail alone."""
    return [table for table in cell.documents if issubclass(table, Document) and not table.kit]


def _metadata(cell: Cell, role: RoleDocument, _language: str) -> dict[str, Any]:
    entities = [table.key for table in _discussed(cell) if role.allows(f"{table.key}.read")]
    return {"entities": entities} if entities else {}


def _install(context: Context) -> None:
    from cellkit.timeline.described import timeline_paths  # noqa: PLC0415 - not before a cell is made
    from cellkit.timeline.routes import TimelineRoutes  # noqa: PLC0415
    from cellkit.timeline.store import drop_with_documents  # noqa: PLC0415

    context.engine.before_flush.append(drop_with_documents)
    for table in _discussed(context.cell):
        TimelineRoutes(context.engine, table).add_to(context.app.router)
        context.app.extra_paths |= timeline_paths(context.engine.cell, table)


FEATURE = Feature(name="timeline", tables=metadata, metadata=_metadata, install=_install)
