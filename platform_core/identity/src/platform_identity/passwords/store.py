"""Password hashes in the database, with the history that forbids their return."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cellkit.ids import uuid7
from platform_identity.tenant_settings.rules import MOST_HISTORY


async def recent_hashes(connection: Any, tenant_id: UUID, user_id: UUID, most: int) -> list[str]:
    """The current hash first, then the ones before it: as many as must not return."""
    rows = await connection.fetch(
        "SELECT password_hash FROM users WHERE tenant_id = $1 AND id = $2"
        " UNION ALL (SELECT password_hash FROM password_history WHERE tenant_id = $1 AND user_id = $2"
        " ORDER BY id DESC LIMIT $3)",
        tenant_id,
        user_id,
        most - 1,
    )
    return [row["password_hash"] for row in rows]


async def set_password(
    connection: Any, tenant_id: UUID, user_id: UUID, new_hash: str, *, must_change: bool, old: str | None = None
) -> bool:
    """Replace a password and keep the old hash; False when the user is gone or ``old`` is no longer his hash."""
    before = await connection.fetchval(
        "SELECT password_hash FROM users WHERE tenant_id = $1 AND id = $2 FOR UPDATE", tenant_id, user_id
    )
    if before is None or (old is not None and before != old):
        return False
    await connection.execute(
        "INSERT INTO password_history (tenant_id, user_id, id, password_hash) VALUES ($1, $2, $3, $4)",
        tenant_id,
        user_id,
        uuid7(),
        before,
    )
    await connection.execute(
        "DELETE FROM password_history WHERE tenant_id = $1 AND user_id = $2 AND id NOT IN ("
        "SELECT id FROM password_history WHERE tenant_id = $1 AND user_id = $2 ORDER BY id DESC LIMIT $3)",
        tenant_id,
        user_id,
        MOST_HISTORY - 1,
    )
    await connection.execute(
        "UPDATE users SET password_hash = $3, password_changed_at = now(), must_change_password = $4,"
        " version = version + 1, updated_at = now() WHERE tenant_id = $1 AND id = $2",
        tenant_id,
        user_id,
        new_hash,
        must_change,
    )
    return True
