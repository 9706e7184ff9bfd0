"""Approval put into a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellkit.approval import tables
from cellkit.approval.documents import documents
from cellkit.approval.due import overdue_tasks
from cellkit.declare.document import Document
from cellkit.features import Context, Feature

if TYPE_CHECKING:
    from cellkit.cell import Cell
    from cellkit.ops.access import RoleDocument


def bound_documents(cell: Cell) -> list[type[Document]]:
    """The documents of a cell that are approved."""
    return [table for table in cell.documents if issubclass(table, Document) and table.bound_flow is not None]


def approvable_documents(cell: Cell) -> list[type[Document]]:
    """Those, and all whose actions a tenant's flow may hold until they are approved."""
    return [
        table
        for table in cell.documents
        if issubclass(table, Document) and not table.kit and (table.actions or table.bound_flow is not None)
    ]


def _permissions(cell: Cell) -> list[str]:
    return [f"{cell.name}.approval_flow.administer"]


def _metadata(cell: Cell, role: RoleDocument, language: str) -> dict[str, Any]:
    from cellkit.approval.described import metadata  # noqa: PLC0415 - after the feature itself

    return metadata(cell, approvable_documents(cell), role, language)


def _install(context: Context) -> None:
    from cellkit.approval.described import approval_paths  # noqa: PLC0415 - not before a cell is made
    from cellkit.approval.directory import Directory, HttpDirectory  # noqa: PLC0415
    from cellkit.approval.routes import ApprovalRoutes  # noqa: PLC0415
    from cellkit.approval.service import Approvals  # noqa: PLC0415

    service = Approvals(context.engine, Directory(HttpDirectory(context.client)))
    context.engine.approvals = service
    ApprovalRoutes(context.engine, service, approvable_documents(context.cell)).add_to(context.app.router)
    context.app.extra_paths |= approval_paths(context.cell.name)


FEATURE = Feature(
    name="approval",
    documents=documents,
    tables=tables.metadata,
    permissions=_permissions,
    metadata=_metadata,
    install=_install,
    jobs=(overdue_tasks,),
)
