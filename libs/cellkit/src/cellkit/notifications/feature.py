"""Notifications put into a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellkit.features import Context, Feature
from cellkit.notifications import tables
from cellkit.notifications.described import notification_paths
from cellkit.notifications.documents import documents
from cellkit.notifications.inbox import Inbox
from cellkit.notifications.writing import add_notices

if TYPE_CHECKING:
    from cellkit.pipeline.statement import Statement
    from cellkit.pipeline.work import Work


def _install(context: Context) -> None:
    Inbox(context.engine).add_to(context.app.router)
    context.app.extra_paths |= notification_paths(context.cell.name)

    def flushing(work: Work, statement: Statement) -> None:
        if work.notices:
            add_notices(work, statement)

    context.engine.flushing.append(flushing)


FEATURE = Feature(name="notifications", documents=documents, tables=tables.metadata, install=_install)
