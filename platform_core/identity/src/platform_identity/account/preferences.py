"""A user's preferences (language, dark mode, density, favourites, shortcuts): one small JSON object, whatever is in it.

The platform keeps it and knows nothing of its content; the version keeps two tabs from writing over each other.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Request, Response
from pydantic import AfterValidator, Field

from cellkit.errors import VersionConflict
from platform_identity.common.actor import caller_now, load_actor
from platform_identity.common.fields import Body
from platform_identity.common.parts import Parts
from platform_identity.common.writes import Done, Write, json_response, write

_BASE = "/api/v1/auth/preferences"
_MOST_BYTES = 16 * 1024
_DEEPEST = 8
_READ = "SELECT value::text AS value, version FROM user_preferences WHERE tenant_id = $1 AND user_id = $2"
_WRITE = """
INSERT INTO user_preferences (tenant_id, user_id, value) VALUES ($1, $2, $3::text::jsonb)
ON CONFLICT (tenant_id, user_id) DO UPDATE SET value = excluded.value, version = user_preferences.version + 1,
    updated_at = now()
"""


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    _check(value, _DEEPEST)
    try:
        size = len(json.dumps(value, ensure_ascii=False, allow_nan=False).encode())
    except ValueError:
        message = "numbers and texts must be storable"
        raise ValueError(message) from None
    if size > _MOST_BYTES:
        message = f"at most {_MOST_BYTES} bytes"
        raise ValueError(message)
    return value


def _check(value: Any, depth: int) -> None:
    """What the database or the answer's encoder could not take."""
    if isinstance(value, dict | list):
        if depth == 0:
            message = f"at most {_DEEPEST} levels"
            raise ValueError(message)
        if isinstance(value, dict):
            for key in value:
                _check(key, 1)
        for item in value.values() if isinstance(value, dict) else value:
            _check(item, depth - 1)
    elif isinstance(value, str) and "\x00" in value:
        message = "NUL is not allowed"
        raise ValueError(message)


class Preferences(Body):
    """The whole object; ``version`` is the one that was read, 0 where there was none."""

    value: Annotated[dict[str, Any], AfterValidator(_storable)]
    version: Annotated[int, Field(ge=0, le=2_147_483_647, strict=True)]


def routes(parts: Parts) -> APIRouter:
    """``GET`` and ``PUT /api/v1/auth/preferences``."""
    router = APIRouter(tags=["auth"])

    @router.get(_BASE)
    async def read_preferences() -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            actor = await load_actor(connection, caller)
            row = await connection.fetchrow(_READ, actor.tenant_id, actor.user_id)
        return json_response(_shown(row))

    @router.put(_BASE)
    async def write_preferences(request: Request, body: Preferences) -> Response:
        async def work(change: Write) -> Done:
            connection, key = change.connection, (change.actor.tenant_id, change.actor.user_id)
            # Also where there is no row yet to lock.
            await connection.execute("SELECT FROM users WHERE tenant_id = $1 AND id = $2 FOR UPDATE", *key)
            current = _shown(await connection.fetchrow(_READ, *key))["version"]
            if body.version != current:
                raise VersionConflict(current=current)
            await connection.execute(_WRITE, *key, json.dumps(body.value, ensure_ascii=False))
            return Done(200, _shown(await connection.fetchrow(_READ, *key)))

        return await write(parts, request, None, work)

    return router


def _shown(row: Any) -> dict[str, Any]:
    if row is None:
        return {"value": {}, "version": 0}
    # As it is stored: numbers would come back from a decoder as something else.
    return {"value": msgspec.Raw(row["value"].encode()), "version": row["version"]}
