"""The list of users: what may be asked of it, and what is added to a page."""

from __future__ import annotations

from typing import Any

from platform_identity.common.actor import Actor
from platform_identity.common.listing import Listing
from platform_identity.common.parts import Parts
from platform_identity.sessions import lockout
from platform_identity.users import store

_ROLES = (
    "ARRAY(SELECT ur.role_id FROM user_roles ur WHERE ur.tenant_id = users.tenant_id AND ur.user_id = users.id"
    " ORDER BY ur.role_id) AS role_ids"
)
_HAS_ROLE = (
    "EXISTS (SELECT FROM user_roles ur WHERE ur.tenant_id = users.tenant_id AND ur.user_id = users.id"
    " AND ur.role_id = {})"
)
# The department with all below it.
_WITHIN = (
    "department_id IN (SELECT below.id FROM departments root JOIN departments below"
    " ON below.tenant_id = root.tenant_id AND starts_with(below.path, root.path)"
    " WHERE root.tenant_id = users.tenant_id AND root.id = {})"
)
_ONLINE = (
    "{} = EXISTS (SELECT FROM sessions s WHERE s.tenant_id = users.tenant_id AND s.user_id = users.id"
    " AND s.ended_at IS NULL AND s.expires_at > now())"
)
USERS = Listing(
    table="users",
    columns=f"{store.COLUMNS}, {_ROLES}",
    sortable={"username": "text", "display_name": "text", "created_at": "time", "id": "uuid"},
    filterable={
        "id": "uuid",
        "username": "text",
        "department_id": "uuid",
        "is_active": "bool",
        "must_change_password": "bool",
    },
    searchable=("username", "display_name"),
    computed={"role_id": ("uuid", _HAS_ROLE), "within_department": ("uuid", _WITHIN), "is_online": ("bool", _ONLINE)},
)


async def add_locks(parts: Parts, connection: Any, actor: Actor, items: list[dict[str, Any]]) -> None:
    """Until when each one's name is locked; locks are kept by a digest of the name, so they cannot be joined."""
    keys = [lockout.name_key(parts.secrets, actor.person.tenant_code, item["username"]) for item in items]
    rows = await connection.fetch(
        "SELECT name_key, locked_until FROM login_locks WHERE name_key = ANY($1) AND locked_until > now()", keys
    )
    until = {bytes(row["name_key"]): row["locked_until"] for row in rows}
    for item, key in zip(items, keys, strict=True):
        item["locked_until"] = until.get(key)
