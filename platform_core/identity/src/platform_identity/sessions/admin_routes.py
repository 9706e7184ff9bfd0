"""The administration of sessions: who is logged in, and end it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from cellkit.errors import Forbidden, NotFound
from platform_identity.common.actor import caller_now, load_actor, uuid_of
from platform_identity.common.listing import Listing, PageAsked, answer_list
from platform_identity.common.parts import Parts
from platform_identity.common.writes import Done, Write, json_response, write
from platform_identity.roles import store as role_store
from platform_identity.roles.rules import ALL, is_administrator
from platform_identity.sessions import store
from platform_identity.sessions.devices import device_name

_NAMES = "(SELECT u.{} FROM users u WHERE u.tenant_id = sessions.tenant_id AND u.id = sessions.user_id)"
_SESSIONS = Listing(
    table="sessions",
    columns="id, user_id, address, device, created_at, last_used_at, expires_at,"
    f" {_NAMES.format('username')} AS username, {_NAMES.format('display_name')} AS display_name",
    sortable={"created_at": "time", "last_used_at": "time", "id": "uuid"},
    filterable={"id": "uuid", "user_id": "uuid"},
    searchable=(_NAMES.format("username"), _NAMES.format("display_name"), "address"),
    condition="ended_at IS NULL AND expires_at > now()",
    default_sort="-last_used_at",
)
_ALL_OTHERS = """
UPDATE sessions SET ended_at = now(), end_reason = 'kicked'
WHERE tenant_id = $1 AND user_id <> $2 AND ended_at IS NULL RETURNING id
"""
_ENTITY = "identity.session"
_BASE = "/api/admin/sessions"


def routes(parts: Parts) -> APIRouter:
    """Routes under ``/api/admin/sessions``."""
    router = APIRouter(tags=["sessions"])

    @router.get(_BASE)
    async def list_sessions(page: PageAsked) -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            actor = await load_actor(connection, caller, f"{_ENTITY}.read")
            found = await answer_list(connection, _SESSIONS, page, actor.tenant_id)
        for item in found["items"]:
            item["device_name"] = device_name(item["device"])
            item["current"] = str(item["id"]) == caller.session_id
        return json_response(found)

    @router.delete(_BASE + "/{session_id}", status_code=204)
    async def end_session(request: Request, session_id: str) -> Response:
        async def work(change: Write) -> Done:
            found = uuid_of(session_id)
            user_id = await store.end(change.connection, change.actor.tenant_id, "kicked", session_id=found)
            if user_id is None:
                raise NotFound
            await role_store.require_not_above(change.connection, change.actor, user_id)
            await change.audit("end", _ENTITY, found, after={"user_id": user_id})
            return Done(204)

        return await write(parts, request, f"{_ENTITY}.end", work)

    @router.post(_BASE + "/end-all")
    async def end_all_sessions(request: Request) -> Response:
        """Everybody has to log in again, the caller himself excepted."""

        async def work(change: Write) -> Done:
            # Among them are administrators' sessions, which only an administrator may end.
            if not is_administrator(change.actor.document.permissions):
                raise Forbidden(permission=ALL)
            rows = await change.connection.fetch(_ALL_OTHERS, change.actor.tenant_id, change.actor.user_id)
            await change.audit("end_all", _ENTITY, change.actor.tenant_id, after={"ended": len(rows)})
            return Done(200, {"ended": len(rows)})

        return await write(parts, request, f"{_ENTITY}.end", work)

    return router
