"""Which cells there are, for whoever is signed in: the web apps build their menus from it."""

from __future__ import annotations

import hashlib
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cellkit.context import current_caller
from cellkit.errors import Unauthorized, Unavailable
from cellkit.http.messages import to_json
from platform_governance.registry import Registry
from platform_governance.rules.telling import reason_for_users

PREFIX = "/api/v1/platform"


def directory_routes(registry: Registry) -> APIRouter:
    """The routes below ``/api/v1/platform``."""
    router = APIRouter(prefix=PREFIX)

    @router.get("/cells")
    async def cells(request: Request) -> Response:
        """Name, version and light of every cell; why one cannot be used, in the caller's language."""
        caller = current_caller.get()
        if caller is None or not caller.user_id:
            raise Unauthorized
        if not registry.loaded:
            # An empty answer would empty everybody's menu.
            raise Unavailable(retry_after_seconds=1)
        body = to_json({"items": entries(registry, caller.language)})
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Accept-Language"}
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)

    return router


def entries(registry: Registry, language: str) -> list[dict[str, Any]]:
    """The cells by name."""
    return [
        {
            "name": name,
            "label": cell.label,
            "version": cell.version,
            "light": cell.light.value,
            "enabled": registry.entry(name).enabled,
            "path": f"/api/v1/{name}",
            "reason": reason_for_users(cell.light, cell.reason, language),
        }
        for name, cell in sorted(registry.cells.items())
    ]
