"""Files as an ability of every cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellkit.features import Context, Feature
from cellkit.files.tables import metadata

if TYPE_CHECKING:
    from cellkit.cell import Cell
    from cellkit.ops.access import RoleDocument


def _permissions(cell: Cell) -> list[str]:
    return [f"{cell.name}.file.upload", f"{cell.name}.file.manage"]


def _metadata(cell: Cell, role: RoleDocument, _language: str) -> dict[str, Any]:
    base = f"/api/v1/{cell.name}/_files"
    return {
        "path": base,
        "manage": role.allows(f"{cell.name}.file.manage"),
        "previews": ["small", "medium", "large"],
    }


def _install(context: Context) -> None:
    from cellkit.files.binding import bind_files  # noqa: PLC0415 - needs the pipeline, which needs the features
    from cellkit.files.described import file_paths  # noqa: PLC0415 - the same
    from cellkit.files.documents import DocumentFiles  # noqa: PLC0415 - the same
    from cellkit.files.fields import any_file_places  # noqa: PLC0415 - the same
    from cellkit.files.keeping import Keeping  # noqa: PLC0415 - the same
    from cellkit.files.previews import Previews  # noqa: PLC0415 - the same
    from cellkit.files.routes import FileRoutes  # noqa: PLC0415 - the same
    from cellkit.files.settings import FileSettings  # noqa: PLC0415 - the same
    from cellkit.files.store import FileStore  # noqa: PLC0415 - the same

    app, engine = context.app, context.engine
    store = FileStore(engine, FileSettings.of(app.settings))
    previews = Previews(store)
    keeping = Keeping(store, previews)
    app.files = keeping
    FileRoutes(store, previews).add_to(app.router)
    documents = DocumentFiles(engine)
    for table in engine.tables.values():
        documents.add_to(app.router, table)
    app.extra_paths |= file_paths(engine)
    if any_file_places(engine.tables.values()):
        engine.before_flush.append(bind_files)
    app.background("file purge", keeping.purge_loop)
    app.background("file sweep", keeping.sweep_loop)
    if store.scanner is not None:
        store.wake = keeping.wake
        app.background("file scan", keeping.scan_loop)


FEATURE = Feature("files", tables=metadata, permissions=_permissions, metadata=_metadata, install=_install)
