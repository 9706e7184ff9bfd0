"""A user's own sessions: where he is logged in, and end one or all others."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from cellkit.errors import NotFound
from platform_identity.common.actor import caller_now, load_actor, uuid_of
from platform_identity.common.parts import Parts
from platform_identity.common.writes import Done, Write, json_response, write
from platform_identity.sessions import store
from platform_identity.sessions.devices import device_name

_BASE = "/api/v1/auth/sessions"
_ENTITY = "identity.session"
_LIVE = """
SELECT id, address, device, created_at, last_used_at, expires_at FROM sessions
WHERE tenant_id = $1 AND user_id = $2 AND ended_at IS NULL AND expires_at > now() ORDER BY last_used_at DESC, id DESC
LIMIT 200
"""
_OTHERS = "SELECT id FROM sessions WHERE tenant_id = $1 AND user_id = $2 AND ended_at IS NULL AND id::text <> $3"


def routes(parts: Parts) -> APIRouter:
    """Routes under ``/api/v1/auth/sessions``."""
    router = APIRouter(tags=["auth"])

    @router.get(_BASE)
    async def own_sessions() -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            actor = await load_actor(connection, caller)
            rows = await connection.fetch(_LIVE, actor.tenant_id, actor.user_id)
        items = [_shown(dict(row), caller.session_id) for row in rows]
        return json_response({"items": items, "next": None, "total": len(items)})

    @router.delete(_BASE + "/{session_id}", status_code=204)
    async def end_own_session(request: Request, session_id: str) -> Response:
        async def work(change: Write) -> Done:
            found = uuid_of(session_id)
            owned = await change.connection.fetchval(
                "SELECT user_id FROM sessions WHERE tenant_id = $1 AND id = $2", change.actor.tenant_id, found
            )
            # Another's is told apart from none at all no more than by any other route.
            if owned != change.actor.user_id:
                raise NotFound
            await store.end(change.connection, change.actor.tenant_id, "ended_by_user", session_id=found)
            await change.audit("end_own", _ENTITY, found)
            return Done(204)

        return await write(parts, request, None, work)

    @router.post(_BASE + "/end-others")
    async def end_other_sessions(request: Request) -> Response:
        async def work(change: Write) -> Done:
            actor = change.actor
            rows = await change.connection.fetch(_OTHERS, actor.tenant_id, actor.user_id, actor.caller.session_id)
            for row in rows:
                await store.end(change.connection, actor.tenant_id, "ended_by_user", session_id=row["id"])
            await change.audit("end_others", _ENTITY, actor.user_id, after={"ended": len(rows)})
            return Done(200, {"ended": len(rows)})

        return await write(parts, request, None, work)

    return router


def _shown(row: dict[str, Any], current: str) -> dict[str, Any]:
    return {**row, "device_name": device_name(row["device"]), "current": str(row["id"]) == current}
