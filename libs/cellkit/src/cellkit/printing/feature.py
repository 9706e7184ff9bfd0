"""Print as an ability of every cell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cellkit.declare.document import Document
from cellkit.declare.prints import PAPERS, prints_of
from cellkit.features import Context, Feature
from cellkit.printing.documents import documents
from cellkit.printing.jobs import SERVICE, print_batch
from cellkit.printing.layout import CODE_KINDS
from cellkit.printing.tables import metadata

if TYPE_CHECKING:
    from cellkit.cell import Cell
    from cellkit.ops.access import RoleDocument


def _permissions(cell: Cell) -> list[str]:
    own = [f"{table.key}.print" for table in cell.documents if issubclass(table, Document)]
    return [*own, f"{cell.name}.print.read"]


def _metadata(cell: Cell, role: RoleDocument, language: str) -> dict[str, Any]:
    entities = {
        table.key: {
            "path": f"/api/v1/{cell.name}/_prints/{table.plural}",
            "prints": [
                {"name": item.name, "label": item.label.text(language), "paper": item.paper.name, "per": item.per}
                for item in prints_of(table).values()
            ],
        }
        for table in cell.documents
        if issubclass(table, Document)
        and not table.kit
        and role.allows(f"{table.key}.print")
        and role.allows(f"{table.key}.read")
    }
    if not entities:
        return {}
    described: dict[str, Any] = {"entities": entities, "log": role.allows(f"{cell.name}.print.read")}
    if role.allows(f"{cell.name}.print_template.read"):
        described |= {"papers": list(PAPERS), "codes": list(CODE_KINDS)}
    return described


def _install(context: Context) -> None:
    from cellkit.printing.described import print_paths  # noqa: PLC0415 - needs the pipeline, which needs the features
    from cellkit.printing.printer import Printer  # noqa: PLC0415 - the same
    from cellkit.printing.routes import PrintRoutes  # noqa: PLC0415 - the same
    from cellkit.printing.worker import PrintWorker  # noqa: PLC0415 - the same

    app, engine = context.app, context.engine
    fonts = app.settings.environment.get("PRINT_FONTS", "")
    worker = PrintWorker(Path(fonts) if fonts else None)
    printer = Printer(engine, app.files.store, worker)
    engine.services[SERVICE] = printer
    PrintRoutes(printer).add_to(app.router)
    app.extra_paths |= print_paths(engine.cell)
    app.lifespan(worker.lifespan)


FEATURE = Feature(
    "printing",
    documents=documents,
    tables=metadata,
    permissions=_permissions,
    metadata=_metadata,
    install=_install,
    jobs=(print_batch,),
)
