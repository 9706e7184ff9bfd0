"""Service tokens: a cell proves itself with its own signing key and gets a token for one tenant (contract §2, §8)."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from cellkit import signing
from cellkit.errors import SignatureInvalid, Unauthorized
from cellkit.ops.client import SERVICE_TOKEN_PATH
from platform_identity.common.fields import Body
from platform_identity.common.parts import Parts
from platform_identity.common.writes import json_response


class ServiceTokenRequest(Body):
    """``signature`` is the cell's own over the request with an empty request id, ``time`` in milliseconds.

    For nobody's tenant there is a token, too: with it the supervisor asks whether requests get through. No row is of
    that tenant, so there is nothing it could show or change.
    """

    cell: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")
    tenant_id: UUID = Field(alias="tenantId")
    time: str = Field(pattern=r"^[0-9]{1,16}$")
    signature: str = Field(max_length=200)


def routes(parts: Parts) -> APIRouter:
    """``POST /api/v1/auth/service-token``."""
    router = APIRouter(tags=["auth"])

    @router.post(SERVICE_TOKEN_PATH)
    async def service_token(body: ServiceTokenRequest) -> Response:
        key = parts.settings.key_of(body.cell)
        subject, tenant = f"cell:{body.cell}", str(body.tenant_id)
        if not signing.verify(key, body.signature, "POST", SERVICE_TOKEN_PATH, tenant, subject, "", body.time):
            raise SignatureInvalid
        if tenant != signing.NOBODYS_TENANT:
            async with parts.database.session("") as connection:
                if not await connection.fetchval("SELECT is_active FROM tenants WHERE id = $1", body.tenant_id):
                    raise Unauthorized
        token = await parts.keys.sign({"sub": subject, "tid": tenant, "sid": ""}, parts.lifetimes.service)
        response = json_response({"accessToken": token, "tokenType": "Bearer", "expiresIn": parts.lifetimes.service})
        response.headers["Cache-Control"] = "no-store"
        return response

    return router
