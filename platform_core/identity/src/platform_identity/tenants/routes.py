"""Tenants: the operator makes, lists, enables and disables them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from cellkit.db.pool import use_tenant
from cellkit.errors import NotFound, ValidationFailed, problem
from cellkit.ids import uuid7
from platform_identity.audit.trail import record
from platform_identity.common.actor import caller_now, load_actor, uuid_of
from platform_identity.common.listing import Listing, PageAsked, answer_list
from platform_identity.common.parts import Parts
from platform_identity.common.writes import Done, Write, check_version, json_response, write
from platform_identity.packages import quotas
from platform_identity.passwords import first
from platform_identity.tenant_settings.rules import settings_of
from platform_identity.tenants.bodies import OperatorTenant, TenantChange, TenantCreate
from platform_identity.tenants.rescue import Rescue, reset_administrator

_COLUMNS = "id, code, name, is_operator, is_active, language, time_zone, package_id, version, created_at, updated_at"
_TENANTS = Listing(
    table="tenants",
    columns=_COLUMNS,
    sortable={"code": "text", "name": "text", "created_at": "time", "id": "uuid"},
    filterable={"id": "uuid", "code": "text", "is_active": "bool", "package_id": "uuid"},
    searchable=("code", "name"),
    tenant_owned=False,
)
_ENTITY = "platform.identity.tenant"
_BASE = "/api/admin/tenants"


def routes(parts: Parts) -> APIRouter:
    """Routes under ``/api/admin/tenants``."""
    router = APIRouter(tags=["tenants"])

    @router.get(_BASE)
    async def list_tenants(page: PageAsked) -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            await load_actor(connection, caller, f"{_ENTITY}.read")
            return json_response(await answer_list(connection, _TENANTS, page, None))

    @router.get(_BASE + "/{tenant_id}")
    async def read_tenant(tenant_id: str) -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            await load_actor(connection, caller, f"{_ENTITY}.read")
            return json_response(await _read(connection, uuid_of(tenant_id)))

    @router.get(_BASE + "/{tenant_id}/usage")
    async def read_usage(tenant_id: str) -> Response:
        caller = caller_now()
        # A transaction, since the look behind the other tenant's wall ends with it.
        async with parts.database.transaction(caller.tenant_id) as connection:
            await load_actor(connection, caller, f"{_ENTITY}.read")
            found = await _read(connection, uuid_of(tenant_id))
            await use_tenant(connection, str(found["id"]))
            return json_response(await quotas.usage(connection, found["id"]))

    @router.post(_BASE, status_code=201)
    async def create_tenant(request: Request, body: TenantCreate) -> Response:
        async def work(change: Write) -> Done:
            return await _create(parts, change, body)

        return await write(parts, request, f"{_ENTITY}.create", work)

    @router.patch(_BASE + "/{tenant_id}")
    async def change_tenant(request: Request, tenant_id: str, body: TenantChange) -> Response:
        async def work(change: Write) -> Done:
            return await _change(change, uuid_of(tenant_id), body)

        return await write(parts, request, f"{_ENTITY}.update", work)

    @router.post(_BASE + "/{tenant_id}/disable")
    async def disable(request: Request, tenant_id: str) -> Response:
        async def work(change: Write) -> Done:
            return await _set_active(change, uuid_of(tenant_id), active=False)

        return await write(parts, request, f"{_ENTITY}.disable", work)

    @router.post(_BASE + "/{tenant_id}/enable")
    async def enable(request: Request, tenant_id: str) -> Response:
        async def work(change: Write) -> Done:
            return await _set_active(change, uuid_of(tenant_id), active=True)

        return await write(parts, request, f"{_ENTITY}.disable", work)

    @router.post(_BASE + "/{tenant_id}/reset-administrator")
    async def rescue(request: Request, tenant_id: str, body: Rescue | None = None) -> Response:
        """200 with the generated ``password``, shown this once."""

        async def work(change: Write) -> Done:
            return await reset_administrator(parts, change, uuid_of(tenant_id), body or Rescue())

        return await write(parts, request, f"{_ENTITY}.reset-password", work)

    return router


async def _create(parts: Parts, change: Write, body: TenantCreate) -> Done:
    connection, administrator = change.connection, body.administrator
    settings = settings_of(body.settings.given() if body.settings is not None else {})
    password = first.choose(
        administrator.username,
        administrator.password,
        settings,
        must_change=administrator.must_change_password,
        prefix="administrator.",
    )
    await _check_package(connection, body.package_id)
    password_hash = await parts.hasher.hash(password.text)
    tenant_id, user_id, role_id = uuid7(), uuid7(), uuid7()
    await connection.execute(
        "INSERT INTO tenants (id, code, name, language, time_zone, package_id, settings)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        tenant_id,
        body.code,
        body.name,
        body.language,
        body.time_zone,
        body.package_id,
        settings.changes(),
    )
    # The new tenant's rows are behind its own wall.
    await use_tenant(connection, str(tenant_id))
    await connection.execute(
        "INSERT INTO roles (tenant_id, id, code, name, permissions, default_scope)"
        " VALUES ($1, $2, 'administrator', $3, '{*}', 'all')",
        tenant_id,
        role_id,
        "系统管理员" if body.language == "zh-CN" else "Administrator",
    )
    await connection.execute(
        "INSERT INTO users (tenant_id, id, username, display_name, password_hash, must_change_password, language,"
        " time_zone) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        tenant_id,
        user_id,
        administrator.username,
        administrator.display_name,
        password_hash,
        password.must_change,
        body.language,
        body.time_zone,
    )
    await connection.execute(
        "INSERT INTO user_roles (tenant_id, user_id, role_id) VALUES ($1, $2, $3)", tenant_id, user_id, role_id
    )
    made = await _read(connection, tenant_id)
    # In the new tenant's own trail too, where its people can see it.
    await record(connection, change.actor.caller, tenant_id, "create", _ENTITY, tenant_id, after=made)
    await use_tenant(connection, str(change.actor.tenant_id))
    await change.audit("create", _ENTITY, tenant_id, after=made)
    secret = {} if password.shown is None else {"administrator_password": password.shown}
    return Done(201, made | {"administrator_id": user_id}, f"{_BASE}/{tenant_id}", secret)


async def _change(change: Write, tenant_id: UUID, body: TenantChange) -> Done:
    connection = change.connection
    before = await _read(connection, tenant_id, lock=True)
    check_version(body.version, before["version"])
    given = body.given()
    if before["is_operator"] and given.get("package_id") is not None:
        raise OperatorTenant
    await _check_package(connection, given.get("package_id"))
    after = before | given
    await connection.execute(
        "UPDATE tenants SET name = $2, language = $3, time_zone = $4, package_id = $5,"
        " version = version + 1, updated_at = now() WHERE id = $1",
        tenant_id,
        after["name"],
        after["language"],
        after["time_zone"],
        after["package_id"],
    )
    changed = await _read(connection, tenant_id)
    await change.audit("update", _ENTITY, tenant_id, before=before, after=changed)
    return Done(200, changed)


async def _set_active(change: Write, tenant_id: UUID, *, active: bool) -> Done:
    connection = change.connection
    before = await _read(connection, tenant_id, lock=True)
    if before["is_operator"] and not active:
        raise OperatorTenant
    await connection.execute(
        "UPDATE tenants SET is_active = $2, version = version + 1, updated_at = now() WHERE id = $1",
        tenant_id,
        active,
    )
    changed = await _read(connection, tenant_id)
    await change.audit("enable" if active else "disable", _ENTITY, tenant_id, before=before, after=changed)
    return Done(200, changed)


async def _check_package(connection: Any, package_id: UUID | None) -> None:
    if package_id is not None and not await connection.fetchval(
        "SELECT EXISTS (SELECT FROM packages WHERE id = $1)", package_id
    ):
        raise ValidationFailed([problem("package_id", "unknown", "套餐不存在", "No such package")])


async def _read(connection: Any, tenant_id: UUID, *, lock: bool = False) -> dict[str, Any]:
    row = await connection.fetchrow(
        f"SELECT {_COLUMNS} FROM tenants WHERE id = $1{' FOR UPDATE' if lock else ''}",  # noqa: S608 - declared names only
        tenant_id,
    )
    if row is None:
        raise NotFound
    return dict(row)
