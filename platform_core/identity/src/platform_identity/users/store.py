"""Users in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from cellkit.errors import NotFound

COLUMNS = (
    "id, username, display_name, department_id, is_active, must_change_password, language, time_zone, last_login_at,"
    " password_changed_at, version, created_at, updated_at"
)


async def read(connection: Any, tenant_id: UUID, user_id: UUID, *, lock: bool = False) -> dict[str, Any]:
    """One user with the ids of his roles; raises :class:`NotFound`."""
    row = await connection.fetchrow(
        f"SELECT {COLUMNS}, ARRAY(SELECT role_id FROM user_roles ur WHERE ur.tenant_id = users.tenant_id"  # noqa: S608 - declared names only
        " AND ur.user_id = users.id ORDER BY role_id) AS role_ids"
        f" FROM users WHERE tenant_id = $1 AND id = $2{' FOR UPDATE' if lock else ''}",
        tenant_id,
        user_id,
    )
    if row is None:
        raise NotFound
    return dict(row)


async def set_roles(connection: Any, tenant_id: UUID, user_id: UUID, role_ids: Sequence[UUID]) -> None:
    """Give a user exactly these roles."""
    await connection.execute(
        "DELETE FROM user_roles WHERE tenant_id = $1 AND user_id = $2 AND role_id <> ALL($3)",
        tenant_id,
        user_id,
        list(role_ids),
    )
    await connection.execute(
        "INSERT INTO user_roles (tenant_id, user_id, role_id) SELECT $1, $2, unnest($3::uuid[]) ON CONFLICT DO NOTHING",
        tenant_id,
        user_id,
        list(role_ids),
    )


async def touch(connection: Any, tenant_id: UUID, user_id: UUID) -> None:
    """A new version."""
    await connection.execute(
        "UPDATE users SET version = version + 1, updated_at = now() WHERE tenant_id = $1 AND id = $2",
        tenant_id,
        user_id,
    )
