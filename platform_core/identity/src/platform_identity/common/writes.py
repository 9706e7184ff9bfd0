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
_NO_STORE = {"Cache-Control": "no-store"}


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


@dataclass(frozen=True, slots=True)
class Answered:
    """What the caller gets, of this write or of the one that it repeats."""

    status: int
    body: bytes
    headers: Mapping[str, str]


async def write(
    parts: Parts, request: Request, permission: str | None, work: Callable[[Write], Awaitable[Done]]
) -> Response:
    """Run ``work`` once per request id, as :func:`run_once` does, for FastAPI's requests."""
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    answered = await run_once(parts, request.method, target, await request.body(), permission, work)
    response = Response(
        answered.body or None,
        status_code=answered.status,
        media_type="application/json" if answered.body else None,
    )
    response.headers.update(answered.headers)
    return response


async def run_once(
    parts: Parts,
    method: str,
    target: str,
    content: bytes,
    permission: str | None,
    work: Callable[[Write], Awaitable[Done]],
) -> Answered:
    """Run ``work`` once per request id.

    A repeat waits on the first one's uncommitted record and then gets its answer; a refused request leaves no record.
    """
    caller = caller_now()
    # Keyed, because a body may carry a password and a plain digest of it could be guessed.
    digest = parts.secrets.digest("idempotency", content)
    async with parts.database.transaction(caller.tenant_id) as connection:
        actor = await load_actor(connection, caller, permission)
        key = (actor.tenant_id, caller.user_id, method, target, caller.request_id)
        if not await connection.fetchval(_CLAIM, *key, digest):
            return _replay(await connection.fetchrow(_FIND, *key), digest)
        done = await work(Write(connection, actor))
        body = b"" if done.value is None else to_json(done.value)
        await connection.execute(_KEEP, *key, done.status, done.location, body)
    place = {} if done.location is None else {"Location": done.location}
    if done.secret:
        return Answered(done.status, to_json({**(done.value or {}), **done.secret}), {**place, **_NO_STORE})
    return Answered(done.status, body, place)


async def answered_before(
    parts: Parts, method: str, target: str, content: bytes, permission: str | None
) -> Answered | None:
    """The answer of an earlier request with this id, for work that looks around before it writes; None: it is new."""
    caller = caller_now()
    async with parts.database.session(caller.tenant_id) as connection:
        actor = await load_actor(connection, caller, permission)
        row = await connection.fetchrow(_FIND, actor.tenant_id, caller.user_id, method, target, caller.request_id)
    return None if row is None else _replay(row, parts.secrets.digest("idempotency", content))


def check_version(given: int, current: int) -> None:
    """Raise :class:`VersionConflict` when the caller read an older version."""
    if given != current:
        raise VersionConflict(current=current)


def _replay(row: Any, digest: bytes) -> Answered:
    if not hmac.compare_digest(row["body_digest"], digest):
        raise IdempotentConflict
    place = {} if row["location"] is None else {"Location": row["location"]}
    return Answered(row["status"], row["body"], {**place, "Idempotent-Replay": "true"})


def json_response(value: Any, status: int = 200) -> Response:
    """A JSON answer; times, ids and decimals become texts."""
    return Response(to_json(value), status_code=status, media_type="application/json")
