"""The administration of sessions: who is logged in, and end it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from cellkit.errors import NotFound
from platform_identity.common.actor import caller_now, load_actor, uuid_of
from platform_identity.common.listing import Listing, PageAsked, answer_list
from platform_identity.common.parts import Parts
from platform_identity.common.writes import Done, Write, json_response, write
from platform_identity.roles import store as role_store
from platform_identity.sessions import store

_SESSIONS = Listing(
    table="sessions",
    columns="id, user_id, address, created_at, last_used_at, expires_at",
    sortable={"created_at": "time", "last_used_at": "time", "id": "uuid"},
    filterable={"id": "uuid", "user_id": "uuid"},
    condition="ended_at IS NULL AND expires_at > now()",
    default_sort="-created_at",
)
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
            return json_response(await answer_list(connection, _SESSIONS, page, actor.tenant_id))

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

    return router
