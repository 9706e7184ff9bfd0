"""Writes: one transaction with the idempotency record, the permission check, the change and its audit entry."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

from cellkit.errors import IdempotentConflict, VersionConflict
from cellkit.http.messages import to_json
from platform_identity.audit.trail import record
from platform_identity.common.actor import Actor, caller_now, load_actor
from platform_identity.common.parts import Parts

_CLAIM = """
INSERT INTO idempotency (tenant_id, user_id, method, path, request_id, body_digest)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING true
"""
_KEEP = """
UPDATE idempotency SET status = $6, location = $7, body = $8
WHERE tenant_id = $1 AND user_id = $2 AND method = $3 AND path = $4 AND request_id = $5
"""
_FIND = """
SELECT body_digest, status, location, body FROM idempotency
WHERE tenant_id = $1 AND user_id = $2 AND method = $3 AND path = $4 AND request_id = $5
"""


@dataclass(frozen=True, slots=True)
class Done:
    """What a write answers. ``secret`` joins the first answer only: it is never stored, so a repeat goes without it."""

    status: int = 200
    value: Any = None
    location: str | None = None
    secret: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """The write under way."""

    connection: Any
    actor: Actor

    async def audit(
        self,
        action: str,
        entity: str,
        entity_id: object,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """Record what was done."""
        await record(
            self.connection, self.actor.caller, self.actor.tenant_id, action, entity, entity_id,
            before=before, after=after,
        )  # fmt: skip


async def write(
    parts: Parts, request: Request, permission: str | None, work: Callable[[Write], Awaitable[Done]]
) -> Response:
    """Run ``work`` once per request id.

    A repeat waits on the first one's uncommitted record and then gets its answer; a refused request leaves no record.
    """
    caller = caller_now()
    # Keyed, because a body may carry a password and a plain digest of it could be guessed.
    digest = parts.secrets.digest("idempotency", await request.body())
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    async with parts.database.transaction(caller.tenant_id) as connection:
        actor = await load_actor(connection, caller, permission)
        key = (actor.tenant_id, caller.user_id, request.method, target, caller.request_id)
        if not await connection.fetchval(_CLAIM, *key, digest):
            return _replay(await connection.fetchrow(_FIND, *key), digest)
        done = await work(Write(connection, actor))
        body = b"" if done.value is None else to_json(done.value)
        await connection.execute(_KEEP, *key, done.status, done.location, body)
    if done.secret:
        shown = _response(done.status, done.location, to_json({**(done.value or {}), **done.secret}))
        shown.headers["Cache-Control"] = "no-store"
        return shown
    return _response(done.status, done.location, body)


def check_version(given: int, current: int) -> None:
    """Raise :class:`VersionConflict` when the caller read an older version."""
    if given != current:
        raise VersionConflict(current=current)


def _replay(row: Any, digest: bytes) -> Response:
    if not hmac.compare_digest(row["body_digest"], digest):
        raise IdempotentConflict
    response = _response(row["status"], row["location"], row["body"])
    response.headers["Idempotent-Replay"] = "true"
    return response


def _response(status: int, location: str | None, body: bytes) -> Response:
    response = Response(body or None, status_code=status, media_type="application/json" if body else None)
    if location is not None:
        response.headers["Location"] = location
    return response


def json_response(value: Any, status: int = 200) -> Response:
    """A JSON answer; times, ids and decimals become texts."""
    return Response(to_json(value), status_code=status, media_type="application/json")
