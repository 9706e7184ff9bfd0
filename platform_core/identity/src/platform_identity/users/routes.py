"""Users: create, read, list, change, and the actions on them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from cellkit.errors import NotFound, ValidationFailed, problem
from cellkit.ids import uuid7
from platform_identity.common.actor import caller_now, load_actor, uuid_of
from platform_identity.common.listing import PageAsked, answer_list
from platform_identity.common.parts import Parts
from platform_identity.common.writes import Done, Write, check_version, json_response, write
from platform_identity.packages import quotas
from platform_identity.passwords import first, policy
from platform_identity.passwords.store import recent_hashes, set_password
from platform_identity.roles import store as role_store
from platform_identity.sessions import lockout
from platform_identity.sessions.store import end_all
from platform_identity.users import store
from platform_identity.users.bodies import NewPassword, OnOneself, UserChange, UserCreate, UserRoles
from platform_identity.users.listing import USERS, add_locks

_ENTITY = "identity.user"
_BASE = "/api/admin/users"


def routes(parts: Parts) -> APIRouter:
    """Routes under ``/api/admin/users``."""
    router = APIRouter(tags=["users"])

    @router.get(_BASE)
    async def list_users(page: PageAsked) -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            actor = await load_actor(connection, caller, f"{_ENTITY}.read")
            found = await answer_list(connection, USERS, page, actor.tenant_id)
            await add_locks(parts, connection, actor, found["items"])
        return json_response(found)

    @router.get(_BASE + "/{user_id}")
    async def read_user(user_id: str) -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            actor = await load_actor(connection, caller, f"{_ENTITY}.read")
            found = await store.read(connection, actor.tenant_id, uuid_of(user_id))
            await add_locks(parts, connection, actor, [found])
        return json_response(found)

    @router.post(_BASE, status_code=201)
    async def create_user(request: Request, body: UserCreate) -> Response:
        async def work(change: Write) -> Done:
            return await _create(parts, change, body)

        return await write(parts, request, f"{_ENTITY}.create", work)

    @router.patch(_BASE + "/{user_id}")
    async def change_user(request: Request, user_id: str, body: UserChange) -> Response:
        async def work(change: Write) -> Done:
            return await _change(change, uuid_of(user_id), body)

        return await write(parts, request, f"{_ENTITY}.update", work)

    _add_actions(router, parts)
    return router


def _add_actions(router: APIRouter, parts: Parts) -> None:
    @router.post(_BASE + "/{user_id}/roles")
    async def set_roles(request: Request, user_id: str, body: UserRoles) -> Response:
        async def work(change: Write) -> Done:
            return await _set_roles(change, uuid_of(user_id), body)

        return await write(parts, request, f"{_ENTITY}.assign", work)

    @router.post(_BASE + "/{user_id}/disable")
    async def disable(request: Request, user_id: str) -> Response:
        async def work(change: Write) -> Done:
            return await _set_active(change, uuid_of(user_id), active=False)

        return await write(parts, request, f"{_ENTITY}.disable", work)

    @router.post(_BASE + "/{user_id}/enable")
    async def enable(request: Request, user_id: str) -> Response:
        async def work(change: Write) -> Done:
            return await _set_active(change, uuid_of(user_id), active=True)

        return await write(parts, request, f"{_ENTITY}.disable", work)

    @router.post(_BASE + "/{user_id}/unlock")
    async def unlock(request: Request, user_id: str) -> Response:
        async def work(change: Write) -> Done:
            found = await store.read(change.connection, change.actor.tenant_id, uuid_of(user_id))
            await role_store.require_not_above(change.connection, change.actor, found["id"])
            key = lockout.name_key(parts.secrets, change.actor.person.tenant_code, found["username"])
            await lockout.unlock(change.connection, key)
            await change.audit("unlock", _ENTITY, found["id"])
            return Done(200, found)

        return await write(parts, request, f"{_ENTITY}.unlock", work)

    @router.post(_BASE + "/{user_id}/reset-password")
    async def reset_password(request: Request, user_id: str, body: NewPassword | None = None) -> Response:
        """200 with the generated ``password``, shown this once; 204 where the caller gave one."""

        async def work(change: Write) -> Done:
            return await _reset_password(parts, change, uuid_of(user_id), (body or NewPassword()).password)

        return await write(parts, request, f"{_ENTITY}.reset-password", work)

    @router.post(_BASE + "/{user_id}/kick")
    async def kick(request: Request, user_id: str) -> Response:
        async def work(change: Write) -> Done:
            found = await store.read(change.connection, change.actor.tenant_id, uuid_of(user_id))
            await role_store.require_not_above(change.connection, change.actor, found["id"])
            ended = await end_all(change.connection, change.actor.tenant_id, "kicked", [found["id"]])
            await change.audit("kick", _ENTITY, found["id"], after={"ended": ended})
            return Done(200, {"ended": ended})

        return await write(parts, request, "identity.session.end", work)


async def _create(parts: Parts, change: Write, body: UserCreate) -> Done:
    connection, tenant_id = change.connection, change.actor.tenant_id
    settings = change.actor.person.settings
    password = first.choose(body.username, body.password, settings, must_change=body.must_change_password)
    await _check_department(change, body.department_id)
    await _check_roles(change, body.role_ids)
    await quotas.check_users(connection, tenant_id)
    user_id = uuid7()
    await connection.execute(
        "INSERT INTO users (tenant_id, id, username, display_name, department_id, password_hash,"
        " must_change_password, language, time_zone) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        tenant_id,
        user_id,
        body.username,
        body.display_name,
        body.department_id,
        await parts.hasher.hash(password.text),
        password.must_change,
        body.language,
        body.time_zone,
    )
    await store.set_roles(connection, tenant_id, user_id, body.role_ids)
    made = await store.read(connection, tenant_id, user_id)
    await change.audit("create", _ENTITY, user_id, after=made)
    secret = None if password.shown is None else {"password": password.shown}
    return Done(201, made, f"{_BASE}/{user_id}", secret)


async def _change(change: Write, user_id: UUID, body: UserChange) -> Done:
    connection, tenant_id = change.connection, change.actor.tenant_id
    before = await store.read(connection, tenant_id, user_id, lock=True)
    check_version(body.version, before["version"])
    await role_store.require_not_above(connection, change.actor, user_id)
    given = body.given()
    await _check_department(change, given.get("department_id"))
    after = before | given
    await connection.execute(
        "UPDATE users SET display_name = $3, department_id = $4, language = $5, time_zone = $6,"
        " version = version + 1, updated_at = now() WHERE tenant_id = $1 AND id = $2",
        tenant_id,
        user_id,
        after["display_name"],
        after["department_id"],
        after["language"],
        after["time_zone"],
    )
    changed = await store.read(connection, tenant_id, user_id)
    await change.audit("update", _ENTITY, user_id, before=before, after=changed)
    return Done(200, changed)


async def _set_roles(change: Write, user_id: UUID, body: UserRoles) -> Done:
    connection, tenant_id = change.connection, change.actor.tenant_id
    await role_store.lock_administrators(connection, tenant_id)
    before = await store.read(connection, tenant_id, user_id, lock=True)
    check_version(body.version, before["version"])
    await role_store.require_not_above(connection, change.actor, user_id)
    await _check_roles(change, body.role_ids)
    await store.set_roles(connection, tenant_id, user_id, body.role_ids)
    await store.touch(connection, tenant_id, user_id)
    await role_store.check_administrators(connection, tenant_id)
    changed = await store.read(connection, tenant_id, user_id)
    await change.audit("set_roles", _ENTITY, user_id, before=before, after=changed)
    return Done(200, changed)


async def _set_active(change: Write, user_id: UUID, *, active: bool) -> Done:
    connection, tenant_id = change.connection, change.actor.tenant_id
    if user_id == change.actor.user_id:
        raise OnOneself
    await role_store.lock_administrators(connection, tenant_id)
    before = await store.read(connection, tenant_id, user_id, lock=True)
    await role_store.require_not_above(connection, change.actor, user_id)
    if before["is_active"] != active:
        if active:
            await quotas.check_users(connection, tenant_id)
        await connection.execute(
            "UPDATE users SET is_active = $3, version = version + 1, updated_at = now()"
            " WHERE tenant_id = $1 AND id = $2",
            tenant_id,
            user_id,
            active,
        )
    if not active:
        await end_all(connection, tenant_id, "disabled", [user_id])
        await role_store.check_administrators(connection, tenant_id)
    changed = await store.read(connection, tenant_id, user_id)
    await change.audit("enable" if active else "disable", _ENTITY, user_id, before=before, after=changed)
    return Done(200, changed)


async def _reset_password(parts: Parts, change: Write, user_id: UUID, given: str | None) -> Done:
    connection, tenant_id = change.connection, change.actor.tenant_id
    found = await store.read(connection, tenant_id, user_id)
    if user_id == change.actor.user_id:
        # One's own password needs the old one: a forgotten open screen must not be enough.
        raise OnOneself
    await role_store.require_not_above(connection, change.actor, user_id)
    settings = change.actor.person.settings
    password = first.choose(found["username"], given, settings)
    hashes = await recent_hashes(connection, tenant_id, user_id, settings.password_history)
    if given is not None and await parts.hasher.matches_any(hashes, given):
        raise ValidationFailed([policy.reused("password", settings)])
    new_hash = await parts.hasher.hash(password.text)
    if not await set_password(connection, tenant_id, user_id, new_hash, must_change=True):
        raise NotFound
    await end_all(connection, tenant_id, "password_reset", [user_id])
    key = lockout.name_key(parts.secrets, change.actor.person.tenant_code, found["username"])
    await lockout.unlock(connection, key)
    await change.audit("reset_password", _ENTITY, user_id)
    return Done(204) if password.shown is None else Done(200, {"id": user_id}, secret={"password": password.shown})


async def _check_department(change: Write, department_id: UUID | None) -> None:
    if department_id is not None and not await change.connection.fetchval(
        "SELECT EXISTS (SELECT FROM departments WHERE tenant_id = $1 AND id = $2)",
        change.actor.tenant_id,
        department_id,
    ):
        raise ValidationFailed([problem("department_id", "unknown", "部门不存在", "No such department")])


async def _check_roles(change: Write, role_ids: list[UUID]) -> None:
    found: list[dict[str, Any]] = await role_store.read_many(change.connection, change.actor.tenant_id, role_ids)
    if len(found) != len(set(role_ids)):
        raise ValidationFailed([problem("role_ids", "unknown", "角色不存在", "No such role")])
    role_store.require_grantable(change.actor, *found)
