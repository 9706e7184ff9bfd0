"""The operator lets a tenant's administrator in again who has lost his password: the tenant has nobody else to ask."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cellkit.db.pool import use_tenant
from cellkit.errors import BusinessRuleViolation, NotFound, ValidationFailed, problem
from platform_identity.audit.trail import record
from platform_identity.common.fields import Body, Username
from platform_identity.common.parts import Parts
from platform_identity.common.writes import Done, Write
from platform_identity.passwords import first
from platform_identity.passwords.store import set_password
from platform_identity.roles.rules import ALL
from platform_identity.sessions import lockout
from platform_identity.sessions.store import end_all
from platform_identity.tenant_settings.rules import settings_of

# Administrators alone: of its other users the tenant takes care itself.
_ADMINISTRATOR = """
SELECT u.id, u.username FROM users u
JOIN user_roles ur ON ur.tenant_id = u.tenant_id AND ur.user_id = u.id
JOIN roles r ON r.tenant_id = ur.tenant_id AND r.id = ur.role_id
WHERE u.tenant_id = $1 AND lower(u.username) = lower($2) AND u.is_active AND $3 = ANY (r.permissions) LIMIT 1
"""


class Rescue(Body):
    """Whose password is generated anew."""

    username: Username = "admin"


class OwnTenant(BusinessRuleViolation):
    """Or whoever may help other tenants could become the operator's own administrator."""

    code = "OWN_TENANT"
    zh, en = "本租户的用户请在用户管理中重置", "Reset users of your own tenant in the administration of users"


async def reset_administrator(parts: Parts, change: Write, tenant_id: UUID, body: Rescue) -> Done:
    """Generate a password that is shown once and has to be changed; it stands in both tenants' trails."""
    connection, operator = change.connection, change.actor
    if tenant_id == operator.tenant_id:
        raise OwnTenant
    tenant = await connection.fetchrow("SELECT code, settings FROM tenants WHERE id = $1", tenant_id)
    if tenant is None:
        raise NotFound
    await use_tenant(connection, str(tenant_id))
    user = await connection.fetchrow(_ADMINISTRATOR, tenant_id, body.username, ALL)
    if user is None:
        raise ValidationFailed(
            [problem("username", "unknown", "该租户没有此启用的管理员", "The tenant has no such active administrator")]
        )
    password = first.choose(user["username"], None, settings_of(tenant["settings"]))
    await set_password(connection, tenant_id, user["id"], await parts.hasher.hash(password.text), must_change=True)
    await end_all(connection, tenant_id, "password_reset", [user["id"]])
    await lockout.unlock(connection, lockout.name_key(parts.secrets, tenant["code"], user["username"]))
    after: dict[str, Any] = {"username": user["username"], "by": "operator"}
    await record(connection, operator.caller, tenant_id, "reset_password", "identity.user", user["id"], after=after)
    await use_tenant(connection, str(operator.tenant_id))
    await change.audit("reset_administrator", "platform.identity.tenant", tenant_id, after=after)
    return Done(200, {"id": user["id"]}, secret={"password": password.text})
