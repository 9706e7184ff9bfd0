"""Role documents for cells and for the user himself; look-ups of users and departments for pickers.

These are the routes every cell asks all the time, so they are the kit's plain routes.
"""

from __future__ import annotations

from uuid import UUID

from cellkit.errors import BadRequest, Forbidden, NotFound, Unauthorized
from cellkit.http.messages import Reply, Request, json_reply
from platform_identity.common.actor import load_actor, tenant_of, uuid_of
from platform_identity.common.listing import DEFAULT_LIMIT, Listing, Page, answer_list
from platform_identity.common.parts import Parts
from platform_identity.role_documents.provenance import load_provenance
from platform_identity.role_documents.store import load_person

_MOST_IDS = 200
_MOST_ITEMS = 200
_USERS = Listing(
    table="users",
    columns="id, username, display_name, department_id, is_active",
    sortable={"username": "text", "display_name": "text", "id": "uuid"},
    filterable={"department_id": "uuid", "is_active": "bool"},
    searchable=("username", "display_name"),
    default_sort="username",
)
_DEPARTMENTS = Listing(
    table="departments",
    columns="id, parent_id, name, path, leader_id, sort_order",
    sortable={"path": "text", "name": "text", "sort_order": "integer", "id": "uuid"},
    filterable={"parent_id": "uuid", "leader_id": "uuid"},
    searchable=("name",),
    default_sort="path",
)


def add_routes(parts: Parts) -> None:
    """Routes under ``/api/v1/identity``."""

    async def role_document(request: Request) -> Reply:
        caller = request.caller
        tenant_id, user_id = tenant_of(caller), uuid_of(request.parameters["user_id"])
        if not caller.is_service and caller.user_id != str(user_id):
            raise Forbidden(permission="identity.role-document.read")
        # For work on behalf of somebody who may be logged out: scheduled reports, approvals that wait.
        offline = caller.is_service and request.query.get("offline") == "true"
        async with parts.database.session(caller.tenant_id) as connection:
            person = await load_person(connection, tenant_id, user_id, without_session=offline)
        if person is None:
            raise NotFound if caller.is_service else Unauthorized
        etag = f'"{person.document.version}"'
        headers = [(b"etag", etag.encode()), (b"cache-control", b"private, no-cache")]
        if request.has_seen(etag):
            return Reply(b"", status=304, content_type=None, headers=headers)
        return Reply(person.document_json(), headers=headers)

    async def provenance(request: Request) -> Reply:
        """Which roles the user has and what each gives; asked on demand, never on a request's way."""
        caller = request.caller
        tenant_id, user_id = tenant_of(caller), uuid_of(request.parameters["user_id"])
        if not caller.is_service and caller.user_id != str(user_id):
            raise Forbidden(permission="identity.role-document.read")
        async with parts.database.session(caller.tenant_id) as connection:
            if not caller.is_service:
                await load_actor(connection, caller)
            found = await load_provenance(connection, tenant_id, user_id)
        if found is None:
            raise NotFound
        return json_reply(found)

    async def look_up(request: Request, listing: Listing) -> Reply:
        caller = request.caller
        tenant_id = tenant_of(caller)
        async with parts.database.session(caller.tenant_id) as connection:
            if not caller.is_service:
                await load_actor(connection, caller)
            if "ids" in request.query:
                return json_reply(await _by_ids(connection, listing, tenant_id, request.query["ids"]))
            return json_reply(await answer_list(connection, listing, _page(request.query), tenant_id))

    async def users(request: Request) -> Reply:
        return await look_up(request, _USERS)

    async def departments(request: Request) -> Reply:
        return await look_up(request, _DEPARTMENTS)

    router = parts.application.router
    router.add("GET", "/api/v1/identity/role-documents/{user_id}", role_document)
    router.add("GET", "/api/v1/identity/role-documents/{user_id}/provenance", provenance)
    router.add("GET", "/api/v1/identity/users", users)
    router.add("GET", "/api/v1/identity/departments", departments)


async def _by_ids(connection: object, listing: Listing, tenant_id: UUID, text: str) -> dict[str, object]:
    names = [part for part in text.split(",") if part]
    if len(names) > _MOST_IDS:
        raise BadRequest(reason=f"ids: at most {_MOST_IDS}")
    try:
        ids = [UUID(name) for name in names]
    except ValueError:
        raise BadRequest(reason="ids: UUIDs expected") from None
    rows = await connection.fetch(  # type: ignore[attr-defined]  # asyncpg's proxy is untyped
        f"SELECT {listing.columns} FROM {listing.table} WHERE tenant_id = $1 AND id = ANY($2) ORDER BY id",  # noqa: S608 - declared names only
        tenant_id,
        ids,
    )
    return {"items": [dict(row) for row in rows], "next": None, "total": None}


def _page(query: dict[str, str]) -> Page:
    try:
        limit = int(query.get("limit", str(DEFAULT_LIMIT)))
    except ValueError:
        raise BadRequest(reason="limit") from None
    if not 1 <= limit <= _MOST_ITEMS:
        raise BadRequest(reason="limit")
    return Page(
        q=query.get("q", "")[:100],
        filter=query.get("filter", ""),
        sort=query.get("sort", ""),
        limit=limit,
        cursor=query.get("cursor", ""),
        total=query.get("total") == "true",
    )
