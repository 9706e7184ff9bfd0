"""Login by tenant, username and password."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from cellkit.context import Caller
from platform_identity.audit.trail import record
from platform_identity.common.fields import Body, GivenName
from platform_identity.common.parts import Parts
from platform_identity.passwords.hashing import NOBODYS_HASH
from platform_identity.sessions import lockout, store

_NO_TENANT = UUID(int=2**128 - 1)


class Login(Body):
    """``tenant`` is the tenant's code, in any case."""

    tenant: GivenName
    username: GivenName
    password: str = Field(max_length=1000)


async def sign_in(parts: Parts, caller: Caller, body: Login) -> store.Opened:
    """Open a session; raises one and the same error for whatever is wrong, or that the name is locked."""
    key = lockout.name_key(parts.secrets, body.tenant, body.username)
    # The lock is read only when it is this attempt's turn to hash: a crowd of attempts cannot slip past the count.
    async with parts.hasher.slots:
        async with parts.database.session("") as connection:
            await lockout.refuse_locked(connection, key)
            tenant = await connection.fetchrow(
                "SELECT id, is_active FROM tenants WHERE lower(code) = lower($1)", body.tenant
            )
        tenant_id = tenant["id"] if tenant is not None else _NO_TENANT
        # The same steps whether or not tenant and user exist, so that time tells nothing.
        async with parts.database.session(str(tenant_id)) as connection:
            user = await connection.fetchrow(
                "SELECT id, password_hash, is_active FROM users WHERE tenant_id = $1 AND lower(username) = lower($2)",
                tenant_id,
                body.username,
            )
        stored = NOBODYS_HASH if user is None else user["password_hash"]
        right = await parts.hasher.matches_in_slot(stored, body.password)
    if user is None or tenant is None or not right or not user["is_active"] or not tenant["is_active"]:
        await _count_failure(parts, caller, key, tenant_id if tenant is not None else None, body.username, right=right)
        raise lockout.BadCredentials
    async with parts.database.transaction(str(tenant_id)) as connection:
        await lockout.forget_failures(connection, key)
        opened = await store.begin(parts, connection, caller, tenant_id, user["id"])
        await record(
            connection, caller, tenant_id, "login", "identity.session", opened.session_id, user_id=str(user["id"])
        )
    return opened


async def _count_failure(
    parts: Parts, caller: Caller, key: bytes, tenant_id: UUID | None, username: str, *, right: bool
) -> None:
    locked: lockout.AccountLocked | None = None
    async with parts.database.transaction(str(tenant_id or _NO_TENANT)) as connection:
        # A right password of a disabled account is no guess; counting it would only lock whoever is enabled again.
        if not right:
            try:
                await lockout.count_failure(connection, key)
            except lockout.AccountLocked as error:
                locked = error
        if tenant_id is not None:
            action = "login_failed" if locked is None else "locked"
            await record(connection, caller, tenant_id, action, "identity.session", username[:64], user_id="")
    if locked is not None:
        raise locked
