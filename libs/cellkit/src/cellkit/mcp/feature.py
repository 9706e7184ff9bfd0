"""The feature ``agents``: an MCP server in every cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cellkit.features import Context, Feature

if TYPE_CHECKING:
    from cellkit.cell import Cell
    from cellkit.ops.access import RoleDocument


def _permissions(cell: Cell) -> Sequence[str]:
    return [f"{cell.name}.agents.use"]


def _metadata(cell: Cell, role: RoleDocument, _language: str) -> dict[str, Any]:
    return {"path": f"/api/v1/{cell.name}/_mcp"} if role.allows(f"{cell.name}.agents.use") else {}


def _install(context: Context) -> None:
    from cellkit.mcp.described import mcp_paths  # noqa: PLC0415 - not before a cell is made
    from cellkit.mcp.routes import AgentDoor  # noqa: PLC0415

    door = AgentDoor(context.app, context.engine, context.cell)
    context.app.router.add("POST", f"/api/v1/{context.cell.name}/_mcp", door)
    context.app.extra_paths |= mcp_paths(context.cell.name)


FEATURE = Feature(name="agents", permissions=_permissions, metadata=_metadata, install=_install)
