"""The permission resources put into a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellkit.features import Context, Feature
from cellkit.permissions.described import permission_paths

if TYPE_CHECKING:
    from cellkit.cell import Cell
    from cellkit.ops.access import RoleDocument


def _permissions(cell: Cell) -> list[str]:
    return [f"{cell.name}.permission.explain"]


def _metadata(cell: Cell, role: RoleDocument, language: str) -> dict[str, Any]:
    del language
    base = f"/api/v1/{cell.name}/_permissions"
    described = {"explain": f"{base}/explain", "others": role.allows(f"{cell.name}.permission.explain")}
    if described["others"]:
        described["matrix"] = f"{base}/matrix"
    return described


def _install(context: Context) -> None:
    # The metadata that it explains is made of features, this one among them.
    from cellkit.permissions.explain import PermissionRoutes  # noqa: PLC0415
    from cellkit.permissions.provenance import HttpProvenance  # noqa: PLC0415

    routes = PermissionRoutes(context.engine, context.cell, HttpProvenance(context.client))
    context.app.permissions = routes
    routes.add_to(context.app.router)
    context.app.extra_paths |= permission_paths(context.cell.name)


FEATURE = Feature(name="permissions", permissions=_permissions, metadata=_metadata, install=_install)
