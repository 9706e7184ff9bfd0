"""The settings of one's own tenant."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from platform_identity.common.actor import caller_now, load_actor
from platform_identity.common.parts import Parts
from platform_identity.common.writes import Done, Write, check_version, json_response, write
from platform_identity.tenant_settings import store
from platform_identity.tenant_settings.bodies import SettingsChange
from platform_identity.tenant_settings.rules import settings_of

_ENTITY = "identity.setting"
_BASE = "/api/admin/tenant-settings"


def routes(parts: Parts) -> APIRouter:
    """``GET`` and ``PATCH /api/admin/tenant-settings``."""
    router = APIRouter(tags=["tenant-settings"])

    @router.get(_BASE)
    async def read_settings() -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            actor = await load_actor(connection, caller, f"{_ENTITY}.read")
            return json_response(await store.read(connection, actor.tenant_id))

    @router.patch(_BASE)
    async def change_settings(request: Request, body: SettingsChange) -> Response:
        async def work(change: Write) -> Done:
            tenant_id = change.actor.tenant_id
            before = await store.read(change.connection, tenant_id, lock=True)
            check_version(body.version, before["version"])
            await store.save(change.connection, tenant_id, settings_of(before | body.given()))
            after = await store.read(change.connection, tenant_id)
            await change.audit("update", _ENTITY, tenant_id, before=before, after=after)
            return Done(200, after)

        return await write(parts, request, f"{_ENTITY}.update", work)

    return router
