"""Small services for the supervisor's tests: a registry and two cells with a table each."""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any

import asyncpg

from cellkit.labels import Label
from cellkit.service import Service
from cellkit.settings import Settings


def _answer(status: int, body: object) -> tuple[dict[str, Any], dict[str, Any]]:
    headers = [(b"content-type", b"application/json")]
    start = {"type": "http.response.start", "status": status, "headers": headers}
    return start, {"type": "http.response.body", "body": json.dumps(body).encode()}


async def _database(settings: Settings, statement: str) -> Any:
    connection = await asyncpg.connect(settings.database_url, timeout=2)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def _reply(settings: Settings, request: str) -> tuple[int, object]:
    if request == "POST /notes":
        return 201, {"id": await _database(settings, "INSERT INTO note DEFAULT VALUES RETURNING id")}
    if request == "GET /notes":
        return 200, {"count": await _database(settings, "SELECT count(*) FROM note")}
    if request == "GET /ready":
        return 200, await _database(settings, "SELECT 1")
    fixed: dict[str, object] = {
        "GET /health": {"pid": os.getpid()},
        "GET /environment": {"key": settings.signing_secret, "url": settings.governance_url},
        "GET /api/governance/cells": {"items": [{"name": name, "light": "green"} for name in ("alpha", "beta")]},
    }
    return (200, fixed[request]) if request in fixed else (404, {})


def _app(settings: Settings) -> Any:
    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        while scope["type"] == "lifespan":
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
        try:
            status, body = await _reply(settings, f"{scope['method']} {scope['path']}")
        except (OSError, asyncpg.PostgresError) as error:
            status, body = 503, {"error": str(error)}
        for part in _answer(status, body):
            await send(part)

    return app


def _migrate(settings: Settings) -> list[str]:
    async def make() -> None:
        connection = await asyncpg.connect(settings.migration_database_url)
        await connection.execute("CREATE TABLE IF NOT EXISTS note (id bigserial PRIMARY KEY)")
        await connection.close()

    if os.environ.get("CELL_BROKEN_MIGRATION") == settings.service_name:
        message = "this migration is broken on purpose"
        raise RuntimeError(message)
    asyncio.run(make())
    return ["note"]


def _create_app(settings: Settings) -> Any:
    if os.environ.get("CELL_BROKEN") == settings.service_name:
        message = "this cell is broken on purpose"
        raise RuntimeError(message)
    return _app(settings)


def _service(name: str, kind: Any, port: int) -> Service:
    return Service(name, kind, port, Label(name, name), "1.0", _create_app, _migrate)


governance = _service("governance", "platform", 8005)
alpha = _service("alpha", "cell", 8101)
beta = _service("beta", "cell", 8102)
