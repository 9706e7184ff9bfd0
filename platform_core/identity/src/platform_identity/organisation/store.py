"""Departments in the database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cellkit.errors import NotFound

COLUMNS = "id, parent_id, name, path, leader_id, sort_order, version, created_at, updated_at"
_TREE_LOCK = 726_041


async def lock_tree(connection: Any, tenant_id: UUID) -> None:
    """One change of a tenant's tree at a time: two moves at once could make a circle."""
    await connection.execute("SELECT pg_advisory_xact_lock($1, hashtext($2))", _TREE_LOCK, str(tenant_id))


async def read(connection: Any, tenant_id: UUID, department_id: UUID) -> dict[str, Any]:
    """One department; raises :class:`NotFound`."""
    row = await connection.fetchrow(
        f"SELECT {COLUMNS} FROM departments WHERE tenant_id = $1 AND id = $2",  # noqa: S608 - declared names only
        tenant_id,
        department_id,
    )
    if row is None:
        raise NotFound
    return dict(row)


async def is_used(connection: Any, tenant_id: UUID, department_id: UUID) -> bool:
    """Whether departments or users hang on it."""
    return bool(
        await connection.fetchval(
            "SELECT EXISTS (SELECT FROM departments WHERE tenant_id = $1 AND parent_id = $2)"
            " OR EXISTS (SELECT FROM users WHERE tenant_id = $1 AND department_id = $2)",
            tenant_id,
            department_id,
        )
    )
