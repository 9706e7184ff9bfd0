"""Roles in the database, and the guards around who holds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from cellkit.errors import BusinessRuleViolation, Forbidden, NotFound
from platform_identity.common.actor import Actor
from platform_identity.roles import rules
from platform_identity.roles.rules import RoleRights

COLUMNS = (
    "id, code, name, permissions, default_scope, scopes, custom_department_ids, field_rules, version,"
    " created_at, updated_at"
)
_ADMINISTRATORS_LOCK = 726_042


class LastAdministrator(BusinessRuleViolation):
    """Somebody must be able to administer the tenant."""

    code = "LAST_ADMINISTRATOR"
    zh, en = "至少须保留一名启用的管理员", "At least one active administrator must remain"


async def lock_administrators(connection: Any, tenant_id: UUID) -> None:
    """One change of who administers a tenant at a time: two could each remove the other's last administrator."""
    await connection.execute("SELECT pg_advisory_xact_lock($1, hashtext($2))", _ADMINISTRATORS_LOCK, str(tenant_id))


async def check_administrators(connection: Any, tenant_id: UUID) -> None:
    """After a change: raise :class:`LastAdministrator` when nobody is left."""
    if not await connection.fetchval(
        "SELECT EXISTS (SELECT FROM users u JOIN user_roles ur ON ur.tenant_id = u.tenant_id AND ur.user_id = u.id"
        " JOIN roles r ON r.tenant_id = ur.tenant_id AND r.id = ur.role_id"
        " WHERE u.tenant_id = $1 AND u.is_active AND $2 = ANY (r.permissions))",
        tenant_id,
        rules.ALL,
    ):
        raise LastAdministrator


async def read(connection: Any, tenant_id: UUID, role_id: UUID) -> dict[str, Any]:
    """One role; raises :class:`NotFound`."""
    row = await connection.fetchrow(
        f"SELECT {COLUMNS} FROM roles WHERE tenant_id = $1 AND id = $2",  # noqa: S608 - declared names only
        tenant_id,
        role_id,
    )
    if row is None:
        raise NotFound
    return dict(row)


async def read_many(connection: Any, tenant_id: UUID, role_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """The roles that exist among the given ones."""
    rows = await connection.fetch(
        f"SELECT {COLUMNS} FROM roles WHERE tenant_id = $1 AND id = ANY($2) ORDER BY code",  # noqa: S608 - declared names only
        tenant_id,
        list(role_ids),
    )
    return [dict(row) for row in rows]


async def roles_of(connection: Any, tenant_id: UUID, user_id: UUID) -> list[dict[str, Any]]:
    """The roles of one user."""
    rows = await connection.fetch(
        f"SELECT {COLUMNS} FROM roles WHERE tenant_id = $1 AND id IN ("  # noqa: S608 - declared names only
        "SELECT role_id FROM user_roles WHERE tenant_id = $1 AND user_id = $2) ORDER BY code",
        tenant_id,
        user_id,
    )
    return [dict(row) for row in rows]


def rights_of(row: dict[str, Any]) -> RoleRights:
    """What a role's row gives."""
    return RoleRights(
        code=row["code"],
        permissions=tuple(row["permissions"]),
        default_scope=row["default_scope"],
        scopes=row["scopes"],
        custom_department_ids=row["custom_department_ids"],
        field_rules=row["field_rules"],
    )


def require_grantable(actor: Actor, *roles: dict[str, Any]) -> None:
    """Raise :class:`Forbidden` when a role gives something that the actor does not hold himself."""
    for row in roles:
        lacking = rules.grant_problem(rights_of(row), actor.document)
        if lacking is not None:
            raise Forbidden(permission=lacking)


async def require_not_above(connection: Any, actor: Actor, user_id: UUID) -> None:
    """Raise :class:`Forbidden` when the other user holds more than the actor: who may reset a password becomes him."""
    if user_id != actor.user_id:
        require_grantable(actor, *await roles_of(connection, actor.tenant_id, user_id))
