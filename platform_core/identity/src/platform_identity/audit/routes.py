"""Reading and checking identity's audit trail."""

from __future__ import annotations

from fastapi import APIRouter, Response

from platform_identity.audit.trail import verify
from platform_identity.common.actor import caller_now, load_actor
from platform_identity.common.listing import Listing, PageAsked, answer_list
from platform_identity.common.parts import Parts
from platform_identity.common.writes import json_response

_AUDIT = Listing(
    table="audit",
    columns="id, at, user_id, action, entity, entity_id, before, after, request_id, address, sequence",
    sortable={"id": "uuid"},
    filterable={"entity": "text", "entity_id": "text", "action": "text", "user_id": "text", "request_id": "text"},
    default_sort="-id",
    computed={"from": ("time", "at >= {}"), "to": ("time", "at < {}")},
)


def routes(parts: Parts) -> APIRouter:
    """Routes under ``/api/v1/identity/audit``."""
    router = APIRouter(tags=["audit"], prefix="/api/v1/identity/audit")

    @router.get("")
    async def list_entries(page: PageAsked) -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            actor = await load_actor(connection, caller, "identity.audit.read")
            return json_response(await answer_list(connection, _AUDIT, page, actor.tenant_id))

    @router.get("/verification")
    async def verification() -> Response:
        caller = caller_now()
        async with parts.database.transaction(caller.tenant_id) as connection:
            actor = await load_actor(connection, caller, "identity.audit.read")
            return json_response(await verify(connection, actor.tenant_id))

    return router
