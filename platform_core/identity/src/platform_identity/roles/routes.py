"""Roles: create, change, copy, delete."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from cellkit.errors import BusinessRuleViolation, FieldProblem, ValidationFailed, problem
from cellkit.ids import uuid7
from platform_identity.common.actor import Actor, caller_now, load_actor, uuid_of
from platform_identity.common.fields import Body, Code, Ids, Key, Name, Permission, Versioned
from platform_identity.common.listing import Listing, PageAsked, VersionAsked, answer_list
from platform_identity.common.parts import Parts
from platform_identity.common.writes import Done, Write, check_version, json_response, write
from platform_identity.roles import rules, store
from platform_identity.roles.difference import difference as rules_difference

_USER_COUNT = (
    "(SELECT count(*) FROM user_roles ur WHERE ur.tenant_id = roles.tenant_id AND ur.role_id = roles.id) AS user_count"
)
_ROLES = Listing(
    table="roles",
    columns=f"{store.COLUMNS}, {_USER_COUNT}",
    sortable={"code": "text", "name": "text", "created_at": "time", "id": "uuid"},
    filterable={"id": "uuid", "code": "text", "name": "text"},
    searchable=("code", "name"),
    default_sort="code",
)
_ENTITY = "identity.role"
_BASE = "/api/admin/roles"
_MOST = 500

ScopeName = Literal["self", "team", "department", "custom", "all"]
RuleName = Literal["hide", "mask", "read", "edit"]
Permissions = Annotated[list[Permission], Field(max_length=2000)]
Scopes = Annotated[dict[Key, ScopeName], Field(max_length=_MOST)]
CustomDepartments = Annotated[dict[Key, Ids], Field(max_length=_MOST)]
FieldRules = Annotated[dict[Key, RuleName], Field(max_length=_MOST)]


class RoleCreate(Body):
    """``scopes`` by entity (``crm.lead``), else ``default_scope``; ``custom_department_ids`` by entity or ``*``."""

    code: Code
    name: Name
    permissions: Permissions = Field(default_factory=list)
    default_scope: ScopeName = "self"
    scopes: Scopes = Field(default_factory=dict)
    custom_department_ids: CustomDepartments = Field(default_factory=dict)
    field_rules: FieldRules = Field(default_factory=dict)


class RoleChange(Versioned):
    """Only the fields given change."""

    code: Code = "x"
    name: Name = "x"
    permissions: Permissions = Field(default_factory=list)
    default_scope: ScopeName = "self"
    scopes: Scopes = Field(default_factory=dict)
    custom_department_ids: CustomDepartments = Field(default_factory=dict)
    field_rules: FieldRules = Field(default_factory=dict)


class RoleCopy(Body):
    """The copy's own code and name."""

    code: Code
    name: Name


class RoleInUse(BusinessRuleViolation):
    """Users still hold it."""

    code = "ROLE_IN_USE"
    zh, en = "仍有用户拥有该角色，不能删除", "Users still hold this role"


def routes(parts: Parts) -> APIRouter:
    """Routes under ``/api/admin/roles``."""
    router = APIRouter(tags=["roles"])

    @router.get(_BASE)
    async def list_roles(page: PageAsked) -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            actor = await load_actor(connection, caller, f"{_ENTITY}.read")
            return json_response(await answer_list(connection, _ROLES, page, actor.tenant_id))

    @router.get(_BASE + "/{role_id}")
    async def read_role(role_id: str) -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            actor = await load_actor(connection, caller, f"{_ENTITY}.read")
            return json_response(await store.read(connection, actor.tenant_id, uuid_of(role_id)))

    @router.get(_BASE + "/{role_id}/difference/{other_id}")
    async def difference(role_id: str, other_id: str) -> Response:
        """What another role gives more, less or differently."""
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            actor = await load_actor(connection, caller, f"{_ENTITY}.read")
            here = await store.read(connection, actor.tenant_id, uuid_of(role_id))
            there = await store.read(connection, actor.tenant_id, uuid_of(other_id))
        return json_response(rules_difference(store.rights_of(here), store.rights_of(there)))

    @router.post(_BASE, status_code=201)
    async def create_role(request: Request, body: RoleCreate) -> Response:
        async def work(change: Write) -> Done:
            return await _insert(change, body.model_dump(mode="json"), "create")

        return await write(parts, request, f"{_ENTITY}.create", work)

    @router.post(_BASE + "/{role_id}/copy", status_code=201)
    async def copy_role(request: Request, role_id: str, body: RoleCopy) -> Response:
        async def work(change: Write) -> Done:
            source = await store.read(change.connection, change.actor.tenant_id, uuid_of(role_id))
            return await _insert(change, {**source, "code": body.code, "name": body.name}, "copy")

        return await write(parts, request, f"{_ENTITY}.create", work)

    @router.patch(_BASE + "/{role_id}")
    async def change_role(request: Request, role_id: str, body: RoleChange) -> Response:
        async def work(change: Write) -> Done:
            return await _change(change, uuid_of(role_id), body)

        return await write(parts, request, f"{_ENTITY}.update", work)

    @router.delete(_BASE + "/{role_id}", status_code=204)
    async def delete_role(request: Request, role_id: str, version: VersionAsked) -> Response:
        async def work(change: Write) -> Done:
            return await _delete(change, uuid_of(role_id), version)

        return await write(parts, request, f"{_ENTITY}.delete", work)

    return router


async def _insert(change: Write, values: dict[str, Any], action: str) -> Done:
    connection, tenant_id = change.connection, change.actor.tenant_id
    await _check(change, values)
    store.require_grantable(change.actor, values)
    role_id = uuid7()
    await connection.execute(
        "INSERT INTO roles (tenant_id, id, code, name, permissions, default_scope, scopes, custom_department_ids,"
        " field_rules) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        tenant_id,
        role_id,
        *_columns(values),
    )
    made = await store.read(connection, tenant_id, role_id)
    await change.audit(action, _ENTITY, role_id, after=made)
    return Done(201, made, f"{_BASE}/{role_id}")


async def _change(change: Write, role_id: UUID, body: RoleChange) -> Done:
    connection, tenant_id = change.connection, change.actor.tenant_id
    await store.lock_administrators(connection, tenant_id)
    before = await store.read(connection, tenant_id, role_id)
    check_version(body.version, before["version"])
    given = {name: value for name, value in body.model_dump(mode="json").items() if name in body.given()}
    after = before | given
    await _check(change, after)
    # Both: whoever may not give the role as it is may not take rights from its holders either.
    store.require_grantable(change.actor, before, after)
    await connection.execute(
        "UPDATE roles SET code = $3, name = $4, permissions = $5, default_scope = $6, scopes = $7,"
        " custom_department_ids = $8, field_rules = $9, version = version + 1, updated_at = now()"
        " WHERE tenant_id = $1 AND id = $2",
        tenant_id,
        role_id,
        *_columns(after),
    )
    await store.check_administrators(connection, tenant_id)
    changed = await store.read(connection, tenant_id, role_id)
    await change.audit("update", _ENTITY, role_id, before=before, after=changed)
    return Done(200, changed)


async def _delete(change: Write, role_id: UUID, version: int) -> Done:
    connection, tenant_id = change.connection, change.actor.tenant_id
    before = await store.read(connection, tenant_id, role_id)
    check_version(version, before["version"])
    store.require_grantable(change.actor, before)
    if await connection.fetchval(
        "SELECT EXISTS (SELECT FROM user_roles WHERE tenant_id = $1 AND role_id = $2)", tenant_id, role_id
    ):
        raise RoleInUse
    await connection.execute("DELETE FROM roles WHERE tenant_id = $1 AND id = $2", tenant_id, role_id)
    await change.audit("delete", _ENTITY, role_id, before=before)
    return Done(204)


def _columns(values: dict[str, Any]) -> list[Any]:
    names = (
        "code", "name", "permissions", "default_scope", "scopes", "custom_department_ids", "field_rules",
    )  # fmt: skip
    normal = {**values, "permissions": sorted(set(values["permissions"]))}
    return [normal[name] for name in names]


async def _check(change: Write, values: dict[str, Any]) -> None:
    problems: list[FieldProblem] = [
        *rules.permission_problems(values["permissions"], operator=change.actor.is_operator),
        *rules.key_problems("scopes", values["scopes"], fields=False),
        *rules.key_problems("custom_department_ids", values["custom_department_ids"], fields=False),
        *rules.key_problems("field_rules", values["field_rules"], fields=True),
        *await _unknown_departments(change.actor, change.connection, values["custom_department_ids"]),
    ]
    if problems:
        raise ValidationFailed(problems)


async def _unknown_departments(actor: Actor, connection: Any, wanted: dict[str, list[str]]) -> list[FieldProblem]:
    ids = {UUID(item) for items in wanted.values() for item in items}
    known = await connection.fetchval(
        "SELECT count(*) FROM departments WHERE tenant_id = $1 AND id = ANY($2)", actor.tenant_id, list(ids)
    )
    if known == len(ids):
        return []
    return [problem("custom_department_ids", "unknown", "部门不存在", "No such department")]
