"""The catalogue of permissions, for the role editor."""

from __future__ import annotations

from fastapi import APIRouter, Response

from platform_identity.common.actor import caller_now, load_actor
from platform_identity.common.parts import Parts
from platform_identity.common.writes import json_response
from platform_identity.permissions.catalogue import Catalogue, own_permissions


def routes(parts: Parts, catalogue: Catalogue) -> APIRouter:
    """``GET /api/admin/permissions``."""
    router = APIRouter(tags=["permissions"])

    @router.get("/api/admin/permissions")
    async def list_permissions() -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            actor = await load_actor(connection, caller, "identity.permission.read")
        items = [own_permissions(operator=actor.is_operator), *await catalogue.cells()]
        return json_response({"items": items, "next": None, "total": len(items)})

    return router
