"""Whoever has no right in a cell does not get past its door: the kit's resources ask for any one before their own."""

from __future__ import annotations

from collections.abc import Callable

from cellkit.http.messages import Reply, Request
from cellkit.http.router import Handler
from cellkit.pipeline.engine import Engine

# What says for itself what a caller may know, what other cells deliver to, and what is a person's own: his notices,
# and the documents that he was asked to decide on, whatever else he may do.
OPEN = ("meta", "inbox", "notifications", "approvals")


def door(engine: Engine) -> Callable[[str, Handler], Handler]:
    """What the router puts around the routes of ``/api/v1/<cell>/_…``."""
    prefix = f"/api/v1/{engine.cell}/_"

    def around(template: str, handler: Handler) -> Handler:
        if not template.startswith(prefix) or template.removeprefix(prefix).split("/")[0] in OPEN:
            return handler

        async def entered(request: Request) -> Reply:
            role = await engine.role_of(request.caller)
            role.require_entry(engine.cell)
            return await handler(request)

        return entered

    return around
