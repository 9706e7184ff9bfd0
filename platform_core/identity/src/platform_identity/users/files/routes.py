"""The kit's plain routes for files: their bodies are read in pieces."""

from __future__ import annotations

from cellkit.http.messages import Reply, Request
from platform_identity.common.parts import Parts
from platform_identity.users.files.exporting import export_users, import_template
from platform_identity.users.files.importing import import_users

BASE = "/api/admin/users"


def add_routes(parts: Parts) -> None:
    """``POST …/import``, ``GET …/import-template``, ``GET …/export``."""

    async def take(request: Request) -> Reply:
        return await import_users(parts, request)

    async def template(request: Request) -> Reply:
        return await import_template(parts, request)

    async def export(request: Request) -> Reply:
        return await export_users(parts, request)

    router = parts.application.router
    router.add("POST", f"{BASE}/import", take)
    router.add("GET", f"{BASE}/import-template", template)
    router.add("GET", f"{BASE}/export", export)
