"""The quota of users: how many active users a tenant may have."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cellkit.errors import BusinessRuleViolation

_LOCK = 726_043
_USED = "SELECT count(*) FROM users WHERE tenant_id = $1 AND is_active"
_ALLOWED = "SELECT p.most_users FROM tenants t JOIN packages p ON p.id = t.package_id WHERE t.id = $1"


class UserQuotaExceeded(BusinessRuleViolation):
    """The tenant's package allows no more active users."""

    code = "USER_QUOTA_EXCEEDED"
    zh = "启用的用户数将达到 {wanted}，超过套餐上限 {quota}；请停用不再使用的账号或升级套餐"
    en = "That would make {wanted} active users, and the package allows {quota}; disable unused accounts or upgrade"


async def check_users(connection: Any, tenant_id: UUID, more: int = 1) -> None:
    """Before ``more`` users become active: raise :class:`UserQuotaExceeded` where the package has no room for them."""
    allowed = await connection.fetchval(_ALLOWED, tenant_id)
    if allowed is None:
        return
    # Two at once could each take the last place.
    await connection.execute("SELECT pg_advisory_xact_lock($1, hashtext($2))", _LOCK, str(tenant_id))
    wanted = await connection.fetchval(_USED, tenant_id) + more
    if wanted > allowed:
        raise UserQuotaExceeded(wanted=wanted, quota=allowed)


async def usage(connection: Any, tenant_id: UUID) -> dict[str, Any]:
    """``{"active_users", "most_users"}``; the connection must be behind the tenant's own wall."""
    return {
        "active_users": await connection.fetchval(_USED, tenant_id),
        "most_users": await connection.fetchval(_ALLOWED, tenant_id),
    }
