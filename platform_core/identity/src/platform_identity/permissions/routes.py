"""The catalogue of permissions, for the role editor."""

from __future__ import annotations

from fastapi import APIRouter, Response

from platform_identity.common.actor import caller_now, load_actor
from platform_identity.common.parts import Parts
from platform_identity.common.writes import json_response
from platform_identity.permissions.catalogue import Catalogue, own_permissions
from platform_identity.permissions.grouping import grouped, words


def routes(parts: Parts, catalogue: Catalogue) -> APIRouter:
    """``GET /api/admin/permissions``."""
    router = APIRouter(tags=["permissions"])

    @router.get("/api/admin/permissions")
    async def list_permissions() -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            actor = await load_actor(connection, caller, "identity.permission.read")
        allowed = actor.document.cells
        cells = [item for item in await catalogue.cells() if allowed is None or item["cell"] in allowed]
        items = [grouped(item) for item in (*own_permissions(operator=actor.is_operator), *cells)]
        return json_response({"items": items, "next": None, "total": len(items), **words()})

    return router
