"""Events and deliveries as resources: what went to whom and when, and sending a range of it to a subscriber again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from cellkit.declare.fields import FieldError, parse_uuid
from cellkit.errors import BadRequest, FieldProblem, NotFound, ValidationFailed, problem
from cellkit.http.messages import Reply, Request, json_reply
from cellkit.ids import first_id
from cellkit.labels import L
from cellkit.messaging import pages
from cellkit.messaging.console import DELIVERY
from cellkit.messaging.subscriptions import Subscriptions
from cellkit.ops.access import RoleDocument
from cellkit.permissions.events import event_for
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.execute import Answer, execute
from cellkit.pipeline.flush import Kept, body_hash
from cellkit.pipeline.work import Work

STATES = ("pending", "delivered", "dead", "discarded")
MOST_REPLAYED = 10_000
_REPLAYABLE = ("delivered", "dead", "discarded")
_LONGEST_REASON = 500
_CELL_NAME = re.compile(r"[a-z][a-z0-9_-]{0,60}")
_DELIVERY = (
    "d.event_id, d.subscriber, d.state, d.attempts, d.next_at, d.last_error, d.delivered_at, d.partition_key, "
    "o.type, o.subject, o.created_at"
)

# Everything that was routed in the range and is not under way; what the subscriber wants now but never got as well.
_REPLAY = """
WITH chosen AS MATERIALIZED (
    SELECT o.id, o.position, o.partition_key FROM kit_outbox o
    LEFT JOIN kit_delivery d ON d.tenant_id = o.tenant_id AND d.event_id = o.id AND d.subscriber = $2
    WHERE o.tenant_id = $1 AND o.id >= $3 AND o.id < $4 AND o.created_at >= $5 AND o.created_at < $6
        AND o.routed_at IS NOT NULL AND ($7::text[] IS NULL OR o.type = ANY($7))
        AND (d.state = ANY($8::text[]) OR (d.state IS NULL AND o.type = ANY($9::text[])))
    ORDER BY o.position LIMIT $10
),
changed AS (
    INSERT INTO kit_delivery AS k (tenant_id, event_id, subscriber, position, partition_key, state, next_at)
    SELECT $1, id, $2, position, partition_key, 'pending', now() FROM chosen
    WHERE (SELECT count(*) FROM chosen) < $10
    ON CONFLICT (tenant_id, event_id, subscriber) DO UPDATE
        SET state = 'pending', attempts = 0, next_at = now(), delivered_at = NULL, unreachable = false
        WHERE k.state = ANY($8::text[])
)
SELECT count(*) FROM chosen
"""


class EventsConsole:
    """The routes ``_outbox/events``, ``_outbox/deliveries`` and ``_outbox/replays``."""

    def __init__(self, engine: Engine, subscriptions: Subscriptions, wake: Callable[[], None]) -> None:
        self._engine = engine
        self._subscriptions = subscriptions
        self._wake = wake

    def add_to(self, router: Any) -> None:
        """Add the routes."""
        base = f"/api/v1/{self._engine.cell}/_outbox"
        router.add("GET", f"{base}/events", self.events)
        router.add("GET", f"{base}/events/{{event_id}}", self.event)
        router.add("GET", f"{base}/deliveries", self.deliveries)
        router.add("POST", f"{base}/replays", self.replay)

    async def events(self, request: Request) -> Reply:
        """The tenant's events, newest first; filters ``type``, ``subject``, ``from``, ``to``."""
        await self._allowed(request, "outbox.read")
        pages.check_query(request.query, ("type", "subject", "from", "to", *_PAGE))
        where, parameters = _where(request, {"type": "o.type", "subject": "o.subject"}, "o.id")
        after = pages.read_cursor(request.query, UUID)
        if after is not None:
            parameters.append(after[0])
            where += f" AND o.id < ${len(parameters)}"
        limit = pages.limit_of(request.query)
        text = (
            "SELECT o.id, o.type, o.subject, o.partition_key, o.created_at, o.routed_at, "
            "(SELECT json_object_agg(s.state, s.number) FROM (SELECT d.state, count(*) AS number FROM kit_delivery d "
            "WHERE d.tenant_id = o.tenant_id AND d.event_id = o.id GROUP BY d.state) s) AS deliveries "
            f"FROM kit_outbox o WHERE {where} ORDER BY o.id DESC LIMIT {limit + 1}"
        )
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            records = await connection.fetch(text, *parameters)
        following = pages.make_cursor(records[limit - 1]["id"]) if len(records) > limit else None
        items = [{**dict(record), "deliveries": record["deliveries"] or {}} for record in records[:limit]]
        return pages.page_reply(items, following, None)

    async def event(self, request: Request) -> Reply:
        """One event with all its deliveries; its data as the reader may see it."""
        role = await self._allowed(request, "outbox.read")
        pages.check_query(request.query, ())
        tenant, identity = UUID(request.caller.tenant_id), _event_id(request)
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            record: Any = await connection.fetchrow(
                "SELECT event, created_at, routed_at FROM kit_outbox WHERE tenant_id = $1 AND id = $2", tenant, identity
            )
            if record is None:
                raise NotFound(id=str(identity))
            deliveries = await connection.fetch(
                "SELECT subscriber, state, attempts, next_at, last_error, delivered_at FROM kit_delivery "
                "WHERE tenant_id = $1 AND event_id = $2 ORDER BY subscriber",
                tenant,
                identity,
            )
        return json_reply(
            {
                "event": event_for(self._engine, role, record["event"]),
                "created_at": record["created_at"],
                "routed_at": record["routed_at"],
                "deliveries": [dict(item) for item in deliveries],
            }
        )

    async def deliveries(self, request: Request) -> Reply:
        """Deliveries, newest event first; filters by event, subscriber, state, type, subject, ``from``, ``to``."""
        await self._allowed(request, "outbox.read")
        query = request.query
        pages.check_query(query, ("event_id", "subscriber", "state", "type", "subject", "from", "to", *_PAGE))
        if query.get("state") and query["state"] not in STATES:
            raise BadRequest(reason=f"state: {', '.join(STATES)}")
        columns = {"subscriber": "d.subscriber", "state": "d.state", "type": "o.type", "subject": "o.subject"}
        where, parameters = _where(request, columns, "d.event_id")
        where = where.replace("o.tenant_id = $1", "d.tenant_id = $1", 1)
        if query.get("event_id"):
            parameters.append(_uuid(query["event_id"]))
            where += f" AND d.event_id = ${len(parameters)}"
        joined = "FROM kit_delivery d JOIN kit_outbox o ON o.tenant_id = d.tenant_id AND o.id = d.event_id"
        counting, counted = f"SELECT count(*) {joined} WHERE {where}", len(parameters)
        after = pages.read_cursor(query, UUID, str)
        if after is not None:
            parameters += after
            where += f" AND (d.event_id, d.subscriber) < (${len(parameters) - 1}, ${len(parameters)})"
        limit = pages.limit_of(query)
        order = f"ORDER BY d.event_id DESC, d.subscriber DESC LIMIT {limit + 1}"
        total = None
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            records = await connection.fetch(f"SELECT {_DELIVERY} {joined} WHERE {where} {order}", *parameters)
            if pages.wants_total(query):
                total = await connection.fetchval(counting, *parameters[:counted])
        following = None
        if len(records) > limit:
            records = records[:limit]
            following = pages.make_cursor(records[-1]["event_id"], records[-1]["subscriber"])
        return pages.page_reply([dict(record) for record in records], following, total)

    async def replay(self, request: Request) -> Reply:
        """Send a subscriber the events of a range again; those its inbox knows change nothing there.

        Body ``{"subscriber","from","to","reason"}``, perhaps ``types`` and ``states`` (``delivered``, ``dead``,
        ``discarded``; all of them by default). More than 10,000 at once are refused.
        """
        role = await self._allowed(request, "outbox.replay")
        pages.check_query(request.query, ())
        body = await request.json_object()
        since, until, states, types = _read_replay(body)
        subscriber, reason = body["subscriber"], body["reason"].strip()
        known = self._subscriptions.known or ()
        wanted = [item.type for item in known if item.subscriber == subscriber]

        async def operation(work: Work) -> Answer:
            await work.begin()
            count = await work.connection.fetchval(
                _REPLAY,
                work.tenant_id,
                subscriber,
                first_id(since),
                first_id(until, after=True),
                since,
                until,
                types,
                states,
                wanted,
                MOST_REPLAYED + 1,
            )
            if count > MOST_REPLAYED:
                zh, en = (
                    f"一次最多重放 {MOST_REPLAYED} 个事件，请缩小范围",
                    f"At most {MOST_REPLAYED} at once; narrow it",
                )
                raise ValidationFailed([problem("from", "max_items", zh, en)])
            told = {"from": since, "to": until, "types": types, "states": states, "events": count, "reason": reason}
            work.record(f"{self._engine.cell}.outbox.replay", DELIVERY, subscriber, told)
            work.committing.append(self._wake)
            return lambda _made: json_reply({"subscriber": subscriber, "events": count})

        kept = Kept(request.method, request.path, body_hash(await request.body()))
        reply = await execute(self._engine, request.caller, role, operation, kept)
        assert reply is not None  # noqa: S101 - the operation always makes one
        return reply

    async def _allowed(self, request: Request, permission: str) -> RoleDocument:
        role = await self._engine.role_of(request.caller)
        role.require(f"{self._engine.cell}.{permission}")
        return role


_PAGE = ("limit", "cursor", "total")


def _where(request: Request, columns: dict[str, str], identity: str) -> tuple[str, list[Any]]:
    """Equality filters and the range of time, by ids as well: they rise with time and their index is there."""
    parameters: list[Any] = [UUID(request.caller.tenant_id)]
    where = "o.tenant_id = $1"
    for name, column in columns.items():
        if request.query.get(name):
            parameters.append(request.query[name])
            where += f" AND {column} = ${len(parameters)}"
    for name, operator, after in (("from", ">=", False), ("to", "<", True)):
        moment = pages.moment_of(request.query, name)
        if moment is not None:
            parameters += [moment, first_id(moment, after=after)]
            where += f" AND o.created_at {operator} ${len(parameters) - 1} AND {identity} {operator} ${len(parameters)}"
    return where, parameters


def _event_id(request: Request) -> UUID:
    try:
        return parse_uuid(request.parameters["event_id"])
    except FieldError:
        raise NotFound from None


def _uuid(text: str) -> UUID:
    try:
        return parse_uuid(text)
    except FieldError:
        raise BadRequest(reason=L("event_id 应为 UUID", "event_id must be a UUID")) from None


def _read_replay(body: dict[str, Any]) -> tuple[datetime, datetime, list[str], list[str] | None]:
    names = {"subscriber", "from", "to", "types", "states", "reason"}
    problems: list[FieldProblem] = [
        problem(name[:60], "unknown", "未知字段", "Unknown field") for name in sorted(body.keys() - names)
    ]
    subscriber, reason = body.get("subscriber"), body.get("reason")
    if not isinstance(subscriber, str) or not _CELL_NAME.fullmatch(subscriber):
        problems.append(problem("subscriber", "type", "应为细胞名", "The name of a cell expected"))
    if not isinstance(reason, str) or not 0 < len(reason.strip()) <= _LONGEST_REASON:
        text = f"1–{_LONGEST_REASON}"
        problems.append(problem("reason", "required", f"请填写原因（{text} 字）", f"A reason of {text} characters"))
    moments = {name: _moment(body.get(name)) for name in ("from", "to")}
    for name, moment in moments.items():
        if moment is None:
            problems.append(problem(name, "type", "应为带时区的时间", "Time with offset expected (RFC 3339)"))
    since, until = moments["from"], moments["to"]
    if since is not None and until is not None and since >= until:
        problems.append(problem("to", "range", "应晚于 from", "Must be after from"))
    states, types = body.get("states", list(_REPLAYABLE)), body.get("types")
    if not isinstance(states, list) or not states or not set(map(str, states)) <= set(_REPLAYABLE):
        allowed = ", ".join(_REPLAYABLE)
        problems.append(problem("states", "choice", f"应为以下之一：{allowed}", f"Must be of: {allowed}"))
    if types is not None and not (isinstance(types, list) and types and all(isinstance(one, str) for one in types)):
        problems.append(problem("types", "type", "应为事件类型列表", "A list of event types expected"))
    if problems or since is None or until is None:
        raise ValidationFailed(problems)
    return since, until, states, types


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo is not None else None
