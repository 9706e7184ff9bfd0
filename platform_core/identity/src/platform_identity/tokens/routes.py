"""The public key set, and the administration of signing keys (operator only)."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from cellkit.http.messages import Reply
from cellkit.http.messages import Request as KitRequest
from platform_identity.common.actor import caller_now, load_actor
from platform_identity.common.fields import Body
from platform_identity.common.listing import Listing, PageAsked, answer_list
from platform_identity.common.parts import Parts
from platform_identity.common.writes import Done, Write, json_response, write

_KEYS = Listing(
    table="signing_keys",
    columns="id, state, created_at, activated_at, retires_at",
    sortable={"created_at": "time", "id": "text"},
    filterable={"state": "text"},
    tenant_owned=False,
)


class Rotation(Body):
    """``force``: rotate although the gateway may not know the next key yet."""

    force: bool = False


def add_key_set(parts: Parts) -> None:
    """``GET /api/v1/auth/jwks`` with ETag; cached by the gateway."""

    async def key_set(request: KitRequest) -> Reply:
        body, etag = await parts.keys.key_set()
        headers = [(b"etag", etag.encode()), (b"cache-control", b"public, max-age=60")]
        if request.has_seen(etag):
            return Reply(b"", status=304, content_type=None, headers=headers)
        return Reply(body, headers=headers)

    parts.application.router.add("GET", "/api/v1/auth/jwks", key_set)


def routes(parts: Parts) -> APIRouter:
    """Routes under ``/api/admin/signing-keys``."""
    router = APIRouter(tags=["signing-keys"])

    @router.get("/api/admin/signing-keys")
    async def list_keys(page: PageAsked) -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            await load_actor(connection, caller, "platform.identity.signing-key.read")
            return json_response(await answer_list(connection, _KEYS, page, None))

    @router.post("/api/admin/signing-keys/rotate")
    async def rotate(request: Request, body: Rotation) -> Response:
        async def work(change: Write) -> Done:
            value = await parts.keys.rotate(change.connection, force=body.force)
            await change.audit("rotate", "platform.identity.signing-key", value["current"], after=value)
            return Done(200, value)

        response = await write(parts, request, "platform.identity.signing-key.rotate", work)
        parts.keys.forget()
        return response

    return router
