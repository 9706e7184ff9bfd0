"""Packages: the operator makes them and gives them to tenants."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field, StringConstraints

from cellkit.errors import BusinessRuleViolation, NotFound
from cellkit.ids import uuid7
from platform_identity.common.actor import caller_now, load_actor, uuid_of
from platform_identity.common.fields import Body, Code, Name, Versioned
from platform_identity.common.listing import Listing, PageAsked, VersionAsked, answer_list
from platform_identity.common.parts import Parts
from platform_identity.common.writes import Done, Write, check_version, json_response, write

_COLUMNS = "id, code, name, cells, features, most_users, storage_bytes, version, created_at, updated_at"
_PACKAGES = Listing(
    table="packages",
    columns=_COLUMNS,
    sortable={"code": "text", "name": "text", "created_at": "time", "id": "uuid"},
    filterable={"id": "uuid", "code": "text"},
    searchable=("code", "name"),
    default_sort="code",
    tenant_owned=False,
)
_ENTITY = "platform.identity.package"
_BASE = "/api/admin/packages"
_MOST_BYTES = 2**53 - 1  # what a number in JSON carries exactly

CellName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
FeatureName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.-]{0,62}$")]
Cells = Annotated[list[CellName], Field(max_length=100)]
Features = Annotated[list[FeatureName], Field(max_length=200)]
Users = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]
Bytes = Annotated[int, Field(ge=1, le=_MOST_BYTES, strict=True)]


class PackageCreate(Body):
    """``cells`` null: all cells, those of the future included; a quota of null: none."""

    code: Code
    name: Name
    cells: Cells | None = None
    features: Features = Field(default_factory=list)
    most_users: Users | None = None
    storage_bytes: Bytes | None = None


class PackageChange(Versioned):
    """Only the fields given change. Tenants that have the package are concerned within seconds."""

    code: Code = "x"
    name: Name = "x"
    cells: Cells | None = None
    features: Features = Field(default_factory=list)
    most_users: Users | None = None
    storage_bytes: Bytes | None = None


class PackageInUse(BusinessRuleViolation):
    """Tenants still have it."""

    code = "PACKAGE_IN_USE"
    zh, en = "仍有 {tenants} 个租户使用该套餐，不能删除", "{tenants} tenant(s) still have this package"


def routes(parts: Parts) -> APIRouter:
    """Routes under ``/api/admin/packages``."""
    router = APIRouter(tags=["packages"])

    @router.get(_BASE)
    async def list_packages(page: PageAsked) -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            await load_actor(connection, caller, f"{_ENTITY}.read")
            return json_response(await answer_list(connection, _PACKAGES, page, None))

    @router.get(_BASE + "/{package_id}")
    async def read_package(package_id: str) -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            await load_actor(connection, caller, f"{_ENTITY}.read")
            return json_response(await _read(connection, uuid_of(package_id)))

    @router.post(_BASE, status_code=201)
    async def create_package(request: Request, body: PackageCreate) -> Response:
        async def work(change: Write) -> Done:
            package_id = uuid7()
            await change.connection.execute(
                "INSERT INTO packages (id, code, name, cells, features, most_users, storage_bytes)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                package_id,
                *_values(body.model_dump()),
            )
            made = await _read(change.connection, package_id)
            await change.audit("create", _ENTITY, package_id, after=made)
            return Done(201, made, f"{_BASE}/{package_id}")

        return await write(parts, request, f"{_ENTITY}.create", work)

    @router.patch(_BASE + "/{package_id}")
    async def change_package(request: Request, package_id: str, body: PackageChange) -> Response:
        async def work(change: Write) -> Done:
            return await _change(change, uuid_of(package_id), body)

        return await write(parts, request, f"{_ENTITY}.update", work)

    @router.delete(_BASE + "/{package_id}", status_code=204)
    async def delete_package(request: Request, package_id: str, version: VersionAsked) -> Response:
        async def work(change: Write) -> Done:
            return await _delete(change, uuid_of(package_id), version)

        return await write(parts, request, f"{_ENTITY}.delete", work)

    return router


async def _change(change: Write, package_id: UUID, body: PackageChange) -> Done:
    connection = change.connection
    before = await _read(connection, package_id, lock=True)
    check_version(body.version, before["version"])
    await connection.execute(
        "UPDATE packages SET code = $2, name = $3, cells = $4, features = $5, most_users = $6, storage_bytes = $7,"
        " version = version + 1, updated_at = now() WHERE id = $1",
        package_id,
        *_values(before | body.given()),
    )
    after = await _read(connection, package_id)
    await change.audit("update", _ENTITY, package_id, before=before, after=after)
    return Done(200, after)


async def _delete(change: Write, package_id: UUID, version: int) -> Done:
    before = await _read(change.connection, package_id, lock=True)
    check_version(version, before["version"])
    tenants = await change.connection.fetchval("SELECT count(*) FROM tenants WHERE package_id = $1", package_id)
    if tenants:
        raise PackageInUse(tenants=tenants)
    await change.connection.execute("DELETE FROM packages WHERE id = $1", package_id)
    await change.audit("delete", _ENTITY, package_id, before=before)
    return Done(204)


def _values(values: dict[str, Any]) -> list[Any]:
    cells = values["cells"]
    return [
        values["code"],
        values["name"],
        None if cells is None else sorted(set(cells)),
        sorted(set(values["features"])),
        values["most_users"],
        values["storage_bytes"],
    ]


async def _read(connection: Any, package_id: UUID, *, lock: bool = False) -> dict[str, Any]:
    row = await connection.fetchrow(
        f"SELECT {_COLUMNS} FROM packages WHERE id = $1{' FOR UPDATE' if lock else ''}",  # noqa: S608 - declared names only
        package_id,
    )
    if row is None:
        raise NotFound
    return dict(row)
