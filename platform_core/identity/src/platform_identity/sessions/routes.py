"""Login, refresh, logout, me, change-password (wire contract §8)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from cellkit.context import Caller
from cellkit.errors import Unauthorized, ValidationFailed, problem
from cellkit.http.messages import from_json
from platform_identity.audit.trail import record
from platform_identity.common.actor import caller_now, load_actor, tenant_of
from platform_identity.common.fields import Body, GivenName, Password
from platform_identity.common.parts import Parts
from platform_identity.common.writes import json_response
from platform_identity.passwords import policy
from platform_identity.passwords.hashing import NOBODYS_HASH
from platform_identity.passwords.store import recent_hashes, set_password
from platform_identity.sessions import lockout, refresh_tokens, store

_NO_TENANT = UUID(int=2**128 - 1)
_NO_STORE = {"Cache-Control": "no-store"}


class Login(Body):
    """``tenant`` is the tenant's code, in any case."""

    tenant: GivenName
    username: GivenName
    password: str = Field(max_length=1000)


class Refresh(Body):
    """A refresh token, to be spent."""

    refresh_token: str = Field(alias="refreshToken", max_length=1000)


class Logout(Body):
    """With a refresh token its session ends; without one, all of the user's sessions."""

    refresh_token: str | None = Field(default=None, alias="refreshToken", max_length=1000)


class ChangePassword(Body):
    """The user's own new password."""

    old_password: str = Field(alias="oldPassword", max_length=1000)
    new_password: Password = Field(alias="newPassword")


def routes(parts: Parts) -> APIRouter:
    """Routes under ``/api/v1/auth``."""
    router = APIRouter(tags=["auth"], prefix="/api/v1/auth")

    @router.post("/login")
    async def login(body: Login) -> Response:
        return _private(await store.tokens(parts, await _login(parts, caller_now(), body)))

    @router.post("/refresh")
    async def refresh(body: Refresh) -> Response:
        return _private(await store.tokens(parts, await _refresh(parts, caller_now(), body.refresh_token)))

    @router.post("/logout", status_code=204)
    async def logout(body: Logout | None = None) -> Response:
        caller = caller_now()
        tenant_id = tenant_of(caller)
        async with parts.database.transaction(caller.tenant_id) as connection:
            actor = await load_actor(connection, caller)
            token = refresh_tokens.parse(body.refresh_token) if body and body.refresh_token else None
            if token is None:
                await store.end_all(connection, tenant_id, "logout", [actor.user_id])
            else:
                row = await _session(connection, token)
                if row is None or row["user_id"] != actor.user_id or not token.is_genuine(parts.secrets, row["nonce"]):
                    raise Unauthorized
                await store.end(connection, tenant_id, "logout", session_id=token.session_id)
            await record(connection, caller, tenant_id, "logout", "identity.session", actor.user_id)
        return Response(status_code=204)

    @router.get("/me")
    async def me() -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            person = (await load_actor(connection, caller)).person
        value: dict[str, Any] = from_json(person.document_json())
        value |= {
            "tenantCode": person.tenant_code,
            "tenantName": person.tenant_name,
            "isOperator": person.is_operator,
            "mustChangePassword": person.must_change_password,
        }
        return _private(value)

    @router.post("/change-password")
    async def change_password(body: ChangePassword) -> Response:
        """All sessions end and a new one begins, so that a stolen session does not outlive the old password."""
        return _private(await store.tokens(parts, await _change_password(parts, caller_now(), body)))

    return router


def _private(value: dict[str, Any]) -> Response:
    response = json_response(value)
    response.headers.update(_NO_STORE)
    return response


async def _login(parts: Parts, caller: Caller, body: Login) -> store.Opened:
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
                "SELECT id, password_hash, is_active, must_change_password FROM users"
                " WHERE tenant_id = $1 AND lower(username) = lower($2)",
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
        opened = await store.begin(parts, connection, caller, tenant_id, user)
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


async def _session(connection: Any, token: refresh_tokens.RefreshToken) -> Any:
    return await connection.fetchrow(
        "SELECT nonce, sequence, user_id FROM sessions WHERE tenant_id = $1 AND id = $2",
        token.tenant_id,
        token.session_id,
    )


async def _refresh(parts: Parts, caller: Caller, text: str) -> store.Opened:
    token = refresh_tokens.parse(text)
    if token is None:
        raise Unauthorized
    async with parts.database.transaction(str(token.tenant_id)) as connection:
        row = await _session(connection, token)
        if row is None or not token.is_genuine(parts.secrets, row["nonce"]):
            raise Unauthorized
        opened = await store.go_on(parts, connection, caller, token, row["nonce"])
        if opened is None and await _was_spent(connection, token):
            ended = await store.end(connection, token.tenant_id, "reuse", session_id=token.session_id)
            if ended is not None:
                await record(
                    connection,
                    caller,
                    token.tenant_id,
                    "refresh_reuse",
                    "identity.session",
                    token.session_id,
                    user_id=str(ended),
                )
    # Raised outside the transaction, or the end of the session would be rolled back.
    if opened is None:
        raise Unauthorized
    return opened


async def _was_spent(connection: Any, token: refresh_tokens.RefreshToken) -> bool:
    row = await _session(connection, token)
    return row is not None and row["sequence"] > token.sequence


async def _change_password(parts: Parts, caller: Caller, body: ChangePassword) -> store.Opened:
    tenant_id = tenant_of(caller)
    async with parts.database.session(caller.tenant_id) as connection:
        actor = await load_actor(connection, caller)
        hashes = await recent_hashes(connection, tenant_id, actor.user_id)
    key = lockout.name_key(parts.secrets, actor.person.tenant_code, actor.document.username)
    async with parts.database.session("") as connection:
        await lockout.refuse_locked(connection, key)
    if not await parts.hasher.matches(hashes[0], body.old_password):
        async with parts.database.session("") as connection:
            await lockout.count_failure(connection, key)
        raise ValidationFailed([problem("oldPassword", "wrong", "原密码不正确", "The old password is wrong")])
    problems = policy.problems("newPassword", body.new_password, actor.document.username)
    if not problems and await parts.hasher.matches_any(hashes, body.new_password):
        problems = [policy.reused("newPassword")]
    if problems:
        raise ValidationFailed(problems)
    new_hash = await parts.hasher.hash(body.new_password)
    async with parts.database.transaction(caller.tenant_id) as connection:
        await lockout.forget_failures(connection, key)
        # The old hash again: somebody else may have set another password while this one was being hashed.
        if not await set_password(connection, tenant_id, actor.user_id, new_hash, must_change=False, old=hashes[0]):
            raise Unauthorized
        await store.end_all(connection, tenant_id, "password_changed", [actor.user_id])
        user = {"id": actor.user_id, "must_change_password": False}
        opened = await store.begin(parts, connection, caller, tenant_id, user)
        await record(connection, caller, tenant_id, "change_password", "identity.user", actor.user_id)
    return opened
