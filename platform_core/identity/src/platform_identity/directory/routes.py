"""Look-ups of people for cells (service token): by id, by role, and the leaders above a department."""

from __future__ import annotations

from uuid import UUID

from cellkit.errors import BadRequest, Forbidden, NotFound
from cellkit.http.messages import Reply, Request, json_reply
from platform_identity.common.actor import tenant_of, uuid_of
from platform_identity.common.parts import Parts
from platform_identity.directory import store

BASE = "/api/v1/identity/directory"
_MOST_IDS = 200
_LONGEST_CODE = 100


def add_routes(parts: Parts) -> None:
    """Routes under ``/api/v1/identity/directory``."""

    async def users(request: Request) -> Reply:
        tenant_id = _asked(request, {"ids"})
        ids = _ids(request.query.get("ids", ""))
        async with parts.database.session(str(tenant_id)) as connection:
            return json_reply({"people": await store.people(connection, tenant_id, ids)})

    async def of_role(request: Request) -> Reply:
        tenant_id = _asked(request, set())
        code = request.parameters["code"]
        if len(code) > _LONGEST_CODE:
            raise NotFound
        async with parts.database.session(str(tenant_id)) as connection:
            return json_reply({"people": await store.people_of_role(connection, tenant_id, code)})

    async def leaders(request: Request) -> Reply:
        tenant_id = _asked(request, set())
        department_id = uuid_of(request.parameters["department_id"])
        async with parts.database.session(str(tenant_id)) as connection:
            return json_reply({"departments": await store.chain(connection, tenant_id, department_id)})

    router = parts.application.router
    router.add("GET", f"{BASE}/users", users)
    router.add("GET", f"{BASE}/roles/{{code}}/users", of_role)
    router.add("GET", f"{BASE}/departments/{{department_id}}/leaders", leaders)


def _asked(request: Request, known: set[str]) -> UUID:
    """The tenant asked for; only cells may ask, with no other parameters than ``known``."""
    if not request.caller.is_service:
        raise Forbidden(permission="identity.directory.read")
    unknown = sorted(request.query.keys() - known)
    if unknown:
        raise BadRequest(reason=f"unknown query parameter {unknown[0][:60]}")
    return tenant_of(request.caller)


def _ids(text: str) -> list[UUID]:
    names = [part for part in text.split(",") if part]
    if len(names) > _MOST_IDS:
        raise BadRequest(reason=f"ids: at most {_MOST_IDS}")
    try:
        return [UUID(name) for name in names]
    except ValueError:
        raise BadRequest(reason="ids: UUIDs expected") from None
