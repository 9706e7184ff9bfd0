"""The outbox as resources: how much is waiting, dead letters, and putting them back or giving them up."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from cellkit.declare.fields import FieldError, parse_uuid
from cellkit.errors import Conflict, NotFound, ValidationFailed, problem
from cellkit.http.messages import Reply, Request, json_reply
from cellkit.labels import L
from cellkit.messaging import pages
from cellkit.ops.access import RoleDocument
from cellkit.permissions.events import event_for
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.execute import Answer, execute
from cellkit.pipeline.flush import Kept, body_hash
from cellkit.pipeline.work import Work

DELIVERY = "kit.delivery"
_LONGEST_REASON = 500
_CELL_NAME = re.compile(r"[a-z][a-z0-9_-]{0,60}")

_COUNTS = """
SELECT subscriber, state, count(*) AS count, sum((attempts > 0)::int) AS tried, min(o.created_at) AS oldest
FROM kit_delivery d JOIN kit_outbox o ON o.tenant_id = d.tenant_id AND o.id = d.event_id
WHERE d.tenant_id = $1 AND d.state IN ('pending', 'dead') GROUP BY subscriber, state ORDER BY subscriber, state
"""
_UNROUTED = """
SELECT count(*) AS count, min(created_at) AS oldest FROM kit_outbox WHERE tenant_id = $1 AND routed_at IS NULL
"""
_DEAD = """
SELECT d.event_id, d.subscriber, d.position, d.partition_key, d.attempts, d.last_error, d.next_at AS failed_at,
    o.type, o.subject, o.created_at, o.event
FROM kit_delivery d JOIN kit_outbox o ON o.tenant_id = d.tenant_id AND o.id = d.event_id
WHERE d.tenant_id = $1 AND d.state = 'dead' AND ($2::bigint IS NULL OR (d.position, d.subscriber) < ($2, $3::text))
    AND ($4::text IS NULL OR d.subscriber = $4)
ORDER BY d.position DESC, d.subscriber DESC LIMIT $5
"""
_DEAD_TOTAL = """
SELECT count(*) FROM kit_delivery WHERE tenant_id = $1 AND state = 'dead' AND ($2::text IS NULL OR subscriber = $2)
"""
_CHANGE = """
WITH changed AS (
    UPDATE kit_delivery SET state = $4, attempts = 0, next_at = now()
    WHERE tenant_id = $1 AND event_id = $2 AND subscriber = $3 RETURNING partition_key, position
)
UPDATE kit_delivery d SET next_at = now() FROM changed c
WHERE d.tenant_id = $1 AND d.subscriber = $3 AND d.partition_key = c.partition_key AND d.state = 'pending'
    AND d.position > c.position AND d.next_at > now()
"""


class OutboxConsole:
    """The routes below ``/api/v1/<cell>/_outbox``."""

    def __init__(self, engine: Engine, wake: Callable[[], None]) -> None:
        self._engine = engine
        self._wake = wake

    def add_to(self, router: Any) -> None:
        """Add the routes."""
        base = f"/api/v1/{self._engine.cell}/_outbox"
        router.add("GET", base, self.counts)
        router.add("GET", f"{base}/dead-letters", self.dead_letters)
        router.add("POST", f"{base}/dead-letters/{{event_id}}/{{subscriber}}/replay", self.replay)
        router.add("POST", f"{base}/dead-letters/{{event_id}}/{{subscriber}}/discard", self.discard)

    async def counts(self, request: Request) -> Reply:
        """How many of the tenant's events wait, by subscriber."""
        await self._allowed(request, "outbox.read")
        pages.check_query(request.query, ())
        tenant = UUID(request.caller.tenant_id)
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            unrouted: Any = await connection.fetchrow(_UNROUTED, tenant)
            records = await connection.fetch(_COUNTS, tenant)
        totals = {"unrouted": unrouted["count"], "pending": 0, "retrying": 0, "dead": 0}
        subscribers: dict[str, dict[str, Any]] = {}
        for record in records:
            name, oldest = record["subscriber"], record["oldest"]
            one = subscribers.setdefault(
                name, {"subscriber": name, "pending": 0, "retrying": 0, "dead": 0, "oldest": oldest}
            )
            one["oldest"] = min(one["oldest"], oldest)
            figures = {record["state"]: record["count"]}
            if record["state"] == "pending":
                figures["retrying"] = record["tried"]
            for figure, number in figures.items():
                one[figure] += number
                totals[figure] += number
        times = [unrouted["oldest"], *(one["oldest"] for one in subscribers.values())]
        first = min((time for time in times if time is not None), default=None)
        return json_reply({**totals, "oldest": first, "subscribers": list(subscribers.values())})

    async def dead_letters(self, request: Request) -> Reply:
        """Deliveries given up, newest first; ``subscriber`` narrows."""
        role = await self._allowed(request, "outbox.read")
        query = request.query
        pages.check_query(query, ("subscriber", "limit", "cursor", "total"))
        limit = pages.limit_of(query)
        after = pages.read_cursor(query, int, str) or [None, None]
        tenant, subscriber = UUID(request.caller.tenant_id), query.get("subscriber") or None
        total = None
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            records = await connection.fetch(_DEAD, tenant, *after, subscriber, limit + 1)
            if pages.wants_total(query):
                total = await connection.fetchval(_DEAD_TOTAL, tenant, subscriber)
        following = None
        if len(records) > limit:
            records = records[:limit]
            following = pages.make_cursor(records[-1]["position"], records[-1]["subscriber"])
        letters = [_letter(self._engine, role, record) for record in records]
        return pages.page_reply(letters, following, total)

    async def replay(self, request: Request) -> Reply:
        """Put a dead letter back: it is tried at once, and again with the usual pauses."""
        return await self._change(request, "replay", "pending")

    async def discard(self, request: Request) -> Reply:
        """Give a dead letter up for good, with a ``reason``; the events held back behind it go on."""
        return await self._change(request, "discard", "discarded")

    async def _allowed(self, request: Request, permission: str) -> RoleDocument:
        role = await self._engine.role_of(request.caller)
        role.require(f"{self._engine.cell}.{permission}")
        return role

    async def _change(self, request: Request, verb: str, state: str) -> Reply:
        role = await self._allowed(request, "outbox.replay")
        body = await request.json_object()
        reason = _reason(body, required=verb == "discard")
        try:
            event_id = parse_uuid(request.parameters["event_id"])
        except FieldError:
            raise NotFound from None
        subscriber = request.parameters["subscriber"]
        if not _CELL_NAME.fullmatch(subscriber):
            raise NotFound
        shown = {"event_id": event_id, "subscriber": subscriber, "state": state}

        async def operation(work: Work) -> Answer:
            await work.begin()
            found = await work.row(
                "SELECT state, attempts, last_error FROM kit_delivery WHERE tenant_id = $1 AND event_id = $2 "
                "AND subscriber = $3 FOR UPDATE",
                event_id,
                subscriber,
            )
            if found is None:
                raise NotFound
            if found["state"] != "dead":
                raise Conflict(reason=L(f"状态为 {found['state']}", f"state {found['state']}"))
            await work.connection.execute(_CHANGE, work.tenant_id, event_id, subscriber, state)
            done = {"state": state, "last_error": found["last_error"], "reason": reason}
            work.record(f"{self._engine.cell}.outbox.{verb}", DELIVERY, f"{event_id}/{subscriber}", done)
            return lambda _made: json_reply(shown)

        kept = Kept(request.method, request.path, body_hash(await request.body()))
        reply = await execute(self._engine, request.caller, role, operation, kept)
        assert reply is not None  # noqa: S101 - the operation always makes one
        self._wake()
        return reply


def _letter(engine: Engine, role: RoleDocument, record: Any) -> dict[str, Any]:
    shown = dict(record)
    del shown["position"]
    shown["event"] = event_for(engine, role, shown["event"])
    return shown


def _reason(body: dict[str, Any], *, required: bool) -> str | None:
    unknown = sorted(body.keys() - {"reason"})
    if unknown:
        raise ValidationFailed([problem(unknown[0][:60], "unknown", "未知字段", "Unknown field")])
    reason = body.get("reason")
    if reason is None and not required:
        return None
    if not isinstance(reason, str) or not 0 < len(reason.strip()) <= _LONGEST_REASON:
        text = f"1–{_LONGEST_REASON}"
        zh, en = f"请填写原因（{text} 字）", f"A reason of {text} characters"
        raise ValidationFailed([problem("reason", "required", zh, en)])
    return reason.strip()
