"""Notifications put into a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellkit.approval.directory import Directory, HttpDirectory
from cellkit.declare.document import Document
from cellkit.features import Context, Feature
from cellkit.notifications import tables
from cellkit.notifications.checks import RECIPIENTS, happenings
from cellkit.notifications.deliveries import Deliveries
from cellkit.notifications.described import notification_paths
from cellkit.notifications.dispatcher import Dispatcher
from cellkit.notifications.documents import documents
from cellkit.notifications.inbox import Inbox

if TYPE_CHECKING:
    from cellkit.cell import Cell
    from cellkit.ops.access import RoleDocument


def _permissions(cell: Cell) -> list[str]:
    return [f"{cell.name}.notification_delivery.read", f"{cell.name}.notification_delivery.replay"]


def _metadata(cell: Cell, role: RoleDocument, language: str) -> dict[str, Any]:
    base = f"/api/v1/{cell.name}/_notifications"
    described: dict[str, Any] = {"inbox": base, "preferences": f"{base}/preferences"}
    if role.allows(f"{cell.name}.notification_delivery.read"):
        described["deliveries"] = f"{base}/deliveries"
    if role.allows(f"{cell.name}.notification_rule.read"):
        described["recipients"] = list(RECIPIENTS)
        described["happenings"] = {
            table.key: {"label": table.label.text(language), "happens": happenings(table)}
            for table in cell.documents
            if issubclass(table, Document) and not table.kit and role.allows(f"{table.key}.read")
        }
    return described


def _install(context: Context) -> None:
    app, engine = context.app, context.engine
    dispatcher = Dispatcher(engine, app.settings, Directory(HttpDirectory(context.client)))
    app.notifications = dispatcher
    Deliveries(engine, dispatcher.wake).add_to(app.router)
    Inbox(engine).add_to(app.router)
    app.extra_paths |= notification_paths(context.cell.name)
    engine.flushing.append(dispatcher.watcher)
    engine.committed.append(dispatcher.committed)
    app.background("notifications", dispatcher.run)


FEATURE = Feature(
    name="notifications",
    documents=documents,
    tables=tables.metadata,
    permissions=_permissions,
    metadata=_metadata,
    install=_install,
)
