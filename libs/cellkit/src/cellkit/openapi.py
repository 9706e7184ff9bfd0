"""The OpenAPI document of a cell."""

from __future__ import annotations

from typing import Any

from cellkit.http.messages import Reply, Request, json_reply


def endpoint(_cell: Any, _app: Any) -> Any:
    """``/openapi.json``."""

    async def handle(_request: Request) -> Reply:
        return json_reply({"openapi": "3.1.0"})

    return handle


def docs_endpoint(_url: str, _label: Any) -> Any:
    """``/docs``."""

    async def handle(_request: Request) -> Reply:
        return Reply(b"", content_type=b"text/html; charset=utf-8")

    return handle
