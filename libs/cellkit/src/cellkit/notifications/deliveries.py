"""Deliveries as resources: what waits, what was given up and why; put back or discarded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cellkit.declare.fields import FieldError, parse_uuid
from cellkit.errors import BadRequest, Conflict, NotFound, ValidationFailed, problem
from cellkit.http.messages import Reply, Request, json_reply
from cellkit.http.router import Router
from cellkit.labels import L
from cellkit.messaging import pages
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.execute import Answer, execute
from cellkit.pipeline.flush import Kept, body_hash
from cellkit.pipeline.work import Work

DELIVERY = "kit.notification_delivery"
STATES = ("pending", "sending", "sent", "dead", "discarded")
_LISTED = """
SELECT d.id, d.notification_id, d.user_id, d.state, d.attempts, d.last_error, d.next_at, d.tried_at, d.created_at,
    d.digest_at, d.channel_id, c.code AS channel_code, c.name AS channel_name, c.type AS channel_type,
    (SELECT n.kind FROM kit_notification n WHERE n.tenant_id = $1
        AND (CASE WHEN d.user_id = '' THEN n.batch_id ELSE n.id END) = d.notification_id LIMIT 1) AS kind
FROM kit_notification_delivery d
LEFT JOIN kit_notification_channel c ON c.tenant_id = d.tenant_id AND c.id = d.channel_id
WHERE d.tenant_id = $1
"""
_CHANGE = """
UPDATE kit_notification_delivery SET state = $3, attempts = 0, next_at = $4, digest_at = NULL
WHERE tenant_id = $1 AND id = $2
"""


class Deliveries:
    """The routes below ``/api/v1/<cell>/_notifications/deliveries``."""

    def __init__(self, engine: Engine, wake: Any) -> None:
        self._engine = engine
        self._wake = wake

    def add_to(self, router: Router) -> None:
        """Add the routes."""
        base = f"/api/v1/{self._engine.cell}/_notifications/deliveries"
        router.add("GET", base, self.listed)
        router.add("POST", f"{base}/{{id}}/replay", self._changing("replay", "pending", ("dead", "discarded")))
        router.add("POST", f"{base}/{{id}}/discard", self._changing("discard", "discarded", ("pending", "dead")))

    async def listed(self, request: Request) -> Reply:
        """Deliveries, newest first; ``state`` and ``channel_id`` narrow. The texts are not part of it."""
        role = await self._engine.role_of(request.caller)
        role.require(f"{self._engine.cell}.notification_delivery.read")
        query = request.query
        pages.check_query(query, ("state", "channel_id", "limit", "cursor", "total"))
        limit = pages.limit_of(query)
        parameters: list[Any] = [UUID(role.tenant_id)]
        where = ""
        if query.get("state"):
            if query["state"] not in STATES:
                usable = ", ".join(STATES)
                raise BadRequest(reason=L(f"state 应为 {usable} 之一", f"state: one of {usable}"))
            parameters.append(query["state"])
            where += f" AND d.state = ${len(parameters)}"
        if query.get("channel_id"):
            try:
                parameters.append(parse_uuid(query["channel_id"]))
            except FieldError as error:
                raise BadRequest(reason=error.message) from None
            where += f" AND d.channel_id = ${len(parameters)}"
        counted, counting = len(parameters), where
        after = pages.read_cursor(query, UUID)
        if after is not None:
            parameters.append(after[0])
            where += f" AND d.id < ${len(parameters)}"
        total = None
        async with self._engine.database.session(role.tenant_id) as connection:
            records = await connection.fetch(f"{_LISTED}{where} ORDER BY d.id DESC LIMIT {limit + 1}", *parameters)
            if pages.wants_total(query):
                total = await connection.fetchval(
                    f"SELECT count(*) FROM kit_notification_delivery d WHERE d.tenant_id = $1{counting}",
                    *parameters[:counted],
                )
        following = pages.make_cursor(records[limit - 1]["id"]) if len(records) > limit else None
        language = request.caller.language
        return pages.page_reply([_shown(record, language) for record in records[:limit]], following, total)

    def _changing(self, verb: str, state: str, sources: tuple[str, ...]) -> Any:
        async def handle(request: Request) -> Reply:
            role = await self._engine.role_of(request.caller)
            role.require(f"{self._engine.cell}.notification_delivery.replay")
            body = await request.json_object()
            if body:
                raise ValidationFailed([problem(min(body)[:60], "unknown", "未知字段", "Unknown field")])
            try:
                key = parse_uuid(request.parameters["id"])
            except FieldError:
                raise NotFound from None

            async def operation(work: Work) -> Answer:
                await work.begin()
                found = await work.row(
                    "SELECT state, last_error FROM kit_notification_delivery "
                    "WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
                    key,
                )
                if found is None:
                    raise NotFound
                if found["state"] not in sources:
                    raise Conflict(reason=f"state {found['state']}")
                await work.connection.execute(_CHANGE, work.tenant_id, key, state, work.now)
                done = {"state": state, "last_error": found["last_error"]}
                work.record(f"{self._engine.cell}.notification_delivery.{verb}", DELIVERY, str(key), done)
                return lambda _made: json_reply({"id": key, "state": state})

            kept = Kept(request.method, request.path, body_hash(await request.body()))
            reply = await execute(self._engine, request.caller, role, operation, kept)
            assert reply is not None  # noqa: S101 - the operation always makes one
            self._wake()
            return reply

        return handle


def _shown(record: Any, language: str) -> dict[str, Any]:
    shown = dict(record)
    if shown["last_error"]:
        zh, _, en = shown["last_error"].partition("\n")
        shown["last_error"] = en if language.startswith("en") and en else zh
    return shown
