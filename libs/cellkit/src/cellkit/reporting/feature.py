"""Reports as an ability of every cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cellkit.declare.document import Table
from cellkit.features import Context, Feature
from cellkit.reporting.delivering import deliver_report
from cellkit.reporting.tables import metadata

if TYPE_CHECKING:
    from cellkit.cell import Cell
    from cellkit.ops.access import RoleDocument


def _documents(cell: str) -> Sequence[type[Table]]:
    from cellkit.reporting.documents import documents  # noqa: PLC0415 - not before a cell is made

    return documents(cell)


def _permissions(cell: Cell) -> list[str]:
    return [f"{cell.name}.report_definition.share", f"{cell.name}.report_subscription.share"]


def _metadata(cell: Cell, role: RoleDocument, _language: str) -> dict[str, Any]:
    base = f"/api/v1/{cell.name}"
    return {
        "path": f"{base}/_reports",
        "run": f"{base}/_reports/run",
        "deliveries": f"{base}/_reports/deliveries",
        "subscriptions": f"{base}/report-subscriptions",
        "share": role.allows(f"{cell.name}.report_definition.share"),
    }


def _install(context: Context) -> None:
    from cellkit.reporting.catalogue import Catalogue  # noqa: PLC0415 - not before a cell is made
    from cellkit.reporting.delivering import Deliveries, Due  # noqa: PLC0415
    from cellkit.reporting.described import report_paths  # noqa: PLC0415
    from cellkit.reporting.routes import ReportRoutes  # noqa: PLC0415
    from cellkit.reporting.run import Reports  # noqa: PLC0415

    engine, app = context.engine, context.app
    reports = Reports(engine)
    ReportRoutes(engine, context.cell, reports, Catalogue(engine, reports)).add_to(app.router)
    deliveries = Deliveries(engine)
    base = f"/api/v1/{engine.cell}/_reports/deliveries"
    app.router.add("GET", base, deliveries.listed)
    app.router.add("GET", f"{base}/{{id}}", deliveries.read)
    app.extra_paths |= report_paths(engine.cell)
    app.background("report subscriptions", Due(engine).run)


FEATURE = Feature(
    name="reporting",
    documents=_documents,
    tables=metadata,
    permissions=_permissions,
    metadata=_metadata,
    install=_install,
    jobs=(deliver_report,),
)
