"""Departments: a tree with materialised paths ``/<id>/<id>/``."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from cellkit.errors import BusinessRuleViolation, NotFound, ValidationFailed, problem
from cellkit.ids import uuid7
from platform_identity.common.actor import caller_now, load_actor, uuid_of
from platform_identity.common.fields import Body, Name, Versioned
from platform_identity.common.listing import Listing, PageAsked, VersionAsked, answer_list
from platform_identity.common.parts import Parts
from platform_identity.common.writes import Done, Write, check_version, json_response, write
from platform_identity.organisation import store

_DEPARTMENTS = Listing(
    table="departments",
    columns=store.COLUMNS,
    sortable={"path": "text", "name": "text", "sort_order": "integer", "created_at": "time", "id": "uuid"},
    filterable={"id": "uuid", "parent_id": "uuid", "leader_id": "uuid", "name": "text"},
    searchable=("name",),
    default_sort="path",
)
_ENTITY = "identity.department"
_BASE = "/api/admin/departments"


class DepartmentCreate(Body):
    """``parent_id`` null: a root."""

    name: Name
    parent_id: UUID | None = None
    leader_id: UUID | None = None
    sort_order: int = Field(default=0, ge=-1_000_000, le=1_000_000)


class DepartmentChange(Versioned):
    """Only the fields given change; another ``parent_id`` moves the department with everything below."""

    name: Name = ""
    parent_id: UUID | None = None
    leader_id: UUID | None = None
    sort_order: int = Field(default=0, ge=-1_000_000, le=1_000_000)


class CircularMove(BusinessRuleViolation):
    """A department cannot lie below itself."""

    code = "DEPARTMENT_CIRCULAR"
    zh, en = "不能把部门移动到其自身或下级部门之下", "A department cannot be moved below itself"


class DepartmentInUse(BusinessRuleViolation):
    """It still has departments or users."""

    code = "DEPARTMENT_IN_USE"
    zh, en = "部门下仍有下级部门或用户，不能删除", "The department still has departments or users"


def routes(parts: Parts) -> APIRouter:
    """Routes under ``/api/admin/departments``."""
    router = APIRouter(tags=["departments"])

    @router.get(_BASE)
    async def list_departments(page: PageAsked) -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            actor = await load_actor(connection, caller, f"{_ENTITY}.read")
            return json_response(await answer_list(connection, _DEPARTMENTS, page, actor.tenant_id))

    @router.get(_BASE + "/{department_id}")
    async def read_department(department_id: str) -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            actor = await load_actor(connection, caller, f"{_ENTITY}.read")
            return json_response(await store.read(connection, actor.tenant_id, uuid_of(department_id)))

    @router.post(_BASE, status_code=201)
    async def create_department(request: Request, body: DepartmentCreate) -> Response:
        async def work(change: Write) -> Done:
            return await _create(change, body)

        return await write(parts, request, f"{_ENTITY}.create", work)

    @router.patch(_BASE + "/{department_id}")
    async def change_department(request: Request, department_id: str, body: DepartmentChange) -> Response:
        async def work(change: Write) -> Done:
            return await _change(change, uuid_of(department_id), body)

        return await write(parts, request, f"{_ENTITY}.update", work)

    @router.delete(_BASE + "/{department_id}", status_code=204)
    async def delete_department(request: Request, department_id: str, version: VersionAsked) -> Response:
        async def work(change: Write) -> Done:
            return await _delete(change, uuid_of(department_id), version)

        return await write(parts, request, f"{_ENTITY}.delete", work)

    return router


async def _create(change: Write, body: DepartmentCreate) -> Done:
    connection, tenant_id = change.connection, change.actor.tenant_id
    await store.lock_tree(connection, tenant_id)
    department_id = uuid7()
    parent_path = await _parent_path(change, body.parent_id)
    await _check_leader(change, body.leader_id)
    await connection.execute(
        "INSERT INTO departments (tenant_id, id, parent_id, name, path, leader_id, sort_order)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        tenant_id,
        department_id,
        body.parent_id,
        body.name,
        f"{parent_path}{department_id}/",
        body.leader_id,
        body.sort_order,
    )
    made = await store.read(connection, tenant_id, department_id)
    await change.audit("create", _ENTITY, department_id, after=made)
    return Done(201, made, f"{_BASE}/{department_id}")


async def _change(change: Write, department_id: UUID, body: DepartmentChange) -> Done:
    connection, tenant_id = change.connection, change.actor.tenant_id
    await store.lock_tree(connection, tenant_id)
    before = await store.read(connection, tenant_id, department_id)
    check_version(body.version, before["version"])
    given = body.given()
    if "name" in given and not body.name:
        raise ValidationFailed([problem("name", "required", "必填", "Required")])
    after = {**before, **given}
    await _check_leader(change, given.get("leader_id"))
    path: str = before["path"]
    if after["parent_id"] != before["parent_id"]:
        parent_path = await _parent_path(change, after["parent_id"])
        if parent_path.startswith(path):
            raise CircularMove
        path = f"{parent_path}{department_id}/"
        await connection.execute(
            "UPDATE departments SET path = $3 || substr(path, length($2) + 1)"
            " WHERE tenant_id = $1 AND starts_with(path, $2)",
            tenant_id,
            before["path"],
            path,
        )
    await connection.execute(
        "UPDATE departments SET name = $3, parent_id = $4, leader_id = $5, sort_order = $6, version = version + 1,"
        " updated_at = now() WHERE tenant_id = $1 AND id = $2",
        tenant_id,
        department_id,
        after["name"],
        after["parent_id"],
        after["leader_id"],
        after["sort_order"],
    )
    changed = await store.read(connection, tenant_id, department_id)
    await change.audit("update", _ENTITY, department_id, before=before, after=changed)
    return Done(200, changed)


async def _delete(change: Write, department_id: UUID, version: int) -> Done:
    connection, tenant_id = change.connection, change.actor.tenant_id
    await store.lock_tree(connection, tenant_id)
    before = await store.read(connection, tenant_id, department_id)
    check_version(version, before["version"])
    if await store.is_used(connection, tenant_id, department_id):
        raise DepartmentInUse
    await connection.execute("DELETE FROM departments WHERE tenant_id = $1 AND id = $2", tenant_id, department_id)
    await change.audit("delete", _ENTITY, department_id, before=before)
    return Done(204)


async def _parent_path(change: Write, parent_id: UUID | None) -> str:
    if parent_id is None:
        return "/"
    try:
        parent: dict[str, Any] = await store.read(change.connection, change.actor.tenant_id, parent_id)
    except NotFound:
        raise ValidationFailed([problem("parent_id", "unknown", "上级部门不存在", "No such department")]) from None
    return str(parent["path"])


async def _check_leader(change: Write, leader_id: UUID | None) -> None:
    if leader_id is not None and not await change.connection.fetchval(
        "SELECT EXISTS (SELECT FROM users WHERE tenant_id = $1 AND id = $2)", change.actor.tenant_id, leader_id
    ):
        raise ValidationFailed([problem("leader_id", "unknown", "负责人不存在", "No such user")])
