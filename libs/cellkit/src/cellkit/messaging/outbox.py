"""The relay's statements: which events go to whom, which are due, and what became of them.

Each works on a batch. Order within a (tenant, subscriber, partition key) rests on three things: events of one
aggregate get their positions in the order of their commits (each writer holds the row's lock), only one process
routes at a time, and only the first open delivery of a key is ever handed out. ``ctid`` is safe where a row is locked
by the same statement, and ``ctid = ANY`` cannot be planned as a walk through the table while statistics are old.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from cellkit.messaging.subscriptions import Subscription

ROUTE_BATCH = 1000
LEASE_SECONDS = 30
"""How long a delivery that was handed out stays with its process; longer than a try can take."""
_ROUTE_LOCK = 727_001_002

LOOK = """
SELECT EXISTS (SELECT FROM kit_outbox WHERE routed_at IS NULL) AS unrouted,
    EXISTS (SELECT FROM kit_delivery WHERE state = 'pending' AND subscriber = ANY($1::text[]) AND next_at <= now())
        AS due
"""

_CONCERNED = """NOT EXISTS (
        SELECT FROM unnest(string_to_array(s.given, ' ')) AS field
        WHERE json_typeof(o.event::json -> 'data' -> field) = 'null'
    )"""

_ROUTE = f"""
WITH gate AS MATERIALIZED (SELECT pg_try_advisory_xact_lock({_ROUTE_LOCK}) AS open),
batch AS MATERIALIZED (
    SELECT o.ctid AS place, o.tenant_id, o.id, o.type, o.partition_key, o.position, o.event FROM kit_outbox o
    WHERE o.routed_at IS NULL AND (SELECT open FROM gate) ORDER BY o.position LIMIT {ROUTE_BATCH} FOR NO KEY UPDATE OF o
),
marked AS (UPDATE kit_outbox SET routed_at = now() WHERE ctid = ANY (ARRAY(SELECT place FROM batch))),
made AS (
    INSERT INTO kit_delivery (tenant_id, event_id, subscriber, position, partition_key, state, next_at)
    SELECT o.tenant_id, o.id, s.subscriber, o.position, o.partition_key, 'pending', now()
    FROM batch o JOIN unnest($1::text[], $2::text[], $3::text[]) AS s(type, subscriber, given) ON s.type = o.type
    WHERE {_CONCERNED}
    ORDER BY o.position ON CONFLICT DO NOTHING RETURNING 1
)
SELECT (SELECT open FROM gate) AS open, (SELECT count(*) FROM batch) AS seen, (SELECT count(*) FROM made) AS made
"""

# What was routed before this process knew of a subscription. The events are still here with all their deliveries, so
# nothing is sent twice.
_CATCH_UP = f"""
INSERT INTO kit_delivery (tenant_id, event_id, subscriber, position, partition_key, state, next_at)
SELECT o.tenant_id, o.id, s.subscriber, o.position, o.partition_key, 'pending', now()
FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS s(type, subscriber, given, since)
JOIN kit_outbox o ON o.type = s.type AND o.created_at >= s.since AND o.routed_at IS NOT NULL
WHERE {_CONCERNED}
ORDER BY o.position ON CONFLICT DO NOTHING
"""

# A delivery behind another of its key is put off: until that one's next try, or shortly where it is under way.
_CLAIM = f"""
WITH due AS MATERIALIZED (
    SELECT d.* FROM unnest($1::text[], $2::int[]) AS lane(subscriber, free) CROSS JOIN LATERAL (
        SELECT d.ctid AS place, d.tenant_id, d.subscriber, d.partition_key, d.position FROM kit_delivery d
        WHERE d.subscriber = lane.subscriber AND d.state = 'pending' AND d.next_at <= now()
        ORDER BY d.next_at, d.position LIMIT lane.free FOR NO KEY UPDATE OF d SKIP LOCKED
    ) d
),
chained AS MATERIALIZED (
    SELECT due.*, first.position AS first_position, first.state AS first_state, first.next_at AS first_next_at
    FROM due CROSS JOIN LATERAL (
        SELECT f.position, f.state, f.next_at FROM kit_delivery f
        WHERE f.tenant_id = due.tenant_id AND f.subscriber = due.subscriber AND f.partition_key = due.partition_key
            AND f.state IN ('pending', 'dead')
        ORDER BY f.position LIMIT 1
    ) first
),
taken AS (
    UPDATE kit_delivery d SET attempts = d.attempts + 1, unreachable = false,
        next_at = now() + interval '{LEASE_SECONDS} seconds'
    WHERE d.ctid = ANY (ARRAY(SELECT place FROM chained WHERE first_position = position))
    RETURNING d.ctid AS place, d.tenant_id, d.event_id, d.subscriber, d.attempts, d.position
),
held AS (
    UPDATE kit_delivery d SET next_at = CASE
        WHEN c.first_state = 'dead' THEN now() + interval '5 minutes'
        WHEN c.first_next_at > now() + interval '{LEASE_SECONDS} seconds' THEN c.first_next_at
        ELSE now() + interval '1 second' END
    FROM chained c WHERE d.ctid = ANY (ARRAY(SELECT place FROM chained WHERE first_position < position))
        AND d.ctid = c.place
    RETURNING 1
)
SELECT (SELECT count(*) FROM held) AS held, t.place, t.tenant_id, t.event_id, t.subscriber, t.attempts, o.event
FROM (VALUES (1)) AS always(one) LEFT JOIN (
    taken t JOIN kit_outbox o ON o.tenant_id = t.tenant_id AND o.id = t.event_id
) ON true
ORDER BY t.position
"""

# ``attempts`` names the claim: a result that comes after its lease was taken over changes nothing. Nobody else changes
# a delivery in hand, so it is still in its place; if the table was rewritten meanwhile, the result is lost and the
# event comes again after its lease, which the inbox notices.
_SETTLE = """
WITH result AS MATERIALIZED (
    SELECT * FROM unnest($1::tid[], $2::uuid[], $3::int[], $4::text[], $5::float8[], $6::text[], $7::bool[])
        AS r(place, event_id, attempts, outcome, delay, error, unreachable)
),
settled AS (
    UPDATE kit_delivery d SET
        state = CASE r.outcome WHEN 'delivered' THEN 'delivered' WHEN 'dead' THEN 'dead' ELSE 'pending' END,
        attempts = CASE r.outcome WHEN 'released' THEN d.attempts - 1 ELSE d.attempts END,
        next_at = now() + r.delay * interval '1 second',
        last_error = CASE r.outcome WHEN 'released' THEN d.last_error ELSE r.error END,
        unreachable = r.unreachable,
        delivered_at = CASE r.outcome WHEN 'delivered' THEN now() END
    FROM result r WHERE d.ctid = ANY ($1) AND d.ctid = r.place AND d.event_id = r.event_id
        AND d.attempts = r.attempts AND d.state = 'pending'
    RETURNING d.tenant_id, d.subscriber, d.partition_key, d.position, d.state
)
UPDATE kit_delivery n SET next_at = now() FROM settled s CROSS JOIN LATERAL (
    SELECT f.tenant_id, f.event_id, f.subscriber FROM kit_delivery f
    WHERE f.tenant_id = s.tenant_id AND f.subscriber = s.subscriber AND f.partition_key = s.partition_key
        AND f.state IN ('pending', 'dead') AND f.position > s.position
    ORDER BY f.position LIMIT 1
) f WHERE s.state = 'delivered' AND n.tenant_id = f.tenant_id AND n.event_id = f.event_id
    AND n.subscriber = f.subscriber AND n.state = 'pending' AND n.next_at > now()
"""

_AGAIN = """
UPDATE kit_delivery SET next_at = now()
WHERE subscriber = ANY($1::text[]) AND state = 'pending' AND unreachable AND next_at > now()
"""

Outcome = Literal["delivered", "again", "dead", "released"]


@dataclass(frozen=True, slots=True)
class Routed:
    """What one routing statement did: whether it was its turn, events seen, deliveries made."""

    open: bool
    seen: int
    made: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event handed out for one try."""

    place: tuple[int, int]
    tenant_id: UUID
    event_id: UUID
    subscriber: str
    attempts: int
    event: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a try; ``delay`` in seconds until the next one."""

    delivery: Delivery
    outcome: Outcome
    delay: float = 0.0
    error: str | None = None
    unreachable: bool = False


async def route(connection: Any, wanted: Sequence[Subscription]) -> Routed:
    """Give the oldest new events to the subscribers of their types and mark them routed."""
    record = await connection.fetchrow(_ROUTE, *_columns(wanted))
    return Routed(record["open"], record["seen"], record["made"])


async def catch_up(connection: Any, found: Sequence[Subscription]) -> None:
    """Give these subscribers also what was routed since they subscribed."""
    await connection.execute(_CATCH_UP, *_columns(found), [item.since for item in found])


def _columns(found: Sequence[Subscription]) -> tuple[list[str], list[str], list[str]]:
    """Types, subscribers, and the fields that must be given, parted by spaces."""
    return (
        [item.type for item in found],
        [item.subscriber for item in found],
        [" ".join(item.given) for item in found],
    )


async def claim(connection: Any, free: Mapping[str, int]) -> tuple[list[Delivery], int]:
    """Due deliveries, at most ``free[subscriber]`` each; and how many were put off behind another of their key."""
    records = await connection.fetch(_CLAIM, list(free), list(free.values()))
    taken = [
        Delivery(
            record["place"],
            record["tenant_id"],
            record["event_id"],
            record["subscriber"],
            record["attempts"],
            record["event"],
        )
        for record in records
        if record["event_id"] is not None
    ]
    return taken, records[0]["held"]


async def settle(connection: Any, results: Sequence[Result]) -> None:
    """Write down what became of tries; the next event of a delivered one's key becomes due."""
    deliveries = [item.delivery for item in results]
    await connection.execute(
        _SETTLE,
        [item.place for item in deliveries],
        [item.event_id for item in deliveries],
        [item.attempts for item in deliveries],
        [item.outcome for item in results],
        [item.delay for item in results],
        [item.error for item in results],
        [item.unreachable for item in results],
    )


async def try_again(connection: Any, subscribers: Sequence[str]) -> None:
    """Make due what failed only because these subscribers could not be reached."""
    await connection.execute(_AGAIN, list(subscribers))
