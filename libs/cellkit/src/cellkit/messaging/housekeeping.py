"""What runs now and then: the figures of outbox and audit trail, and the removal of what has done its service."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from prometheus_client import Gauge

from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.db.pool import Database
from cellkit.messaging.relay import Relay
from cellkit.ops.metrics import Metrics
from cellkit.settings import Settings, SettingsError

GAUGE_SECONDS = 10.0
PURGE_SECONDS = 600.0
PURGE_BATCH = 1000
_PURGE_LOCK = 727_001_004
_BREATH_SECONDS = 0.05

_FIGURES = """
SELECT (SELECT count(*) FROM kit_outbox WHERE routed_at IS NULL) AS unrouted,
    (SELECT min(created_at) FROM kit_outbox WHERE routed_at IS NULL) AS oldest_unrouted,
    (SELECT count(*) FROM kit_delivery WHERE state = 'pending') AS pending,
    (SELECT min(o.created_at) FROM kit_outbox o WHERE (o.tenant_id, o.id) IN (
        SELECT tenant_id, event_id FROM kit_delivery WHERE state = 'pending' ORDER BY position LIMIT 1)
    ) AS oldest_pending,
    (SELECT array_agg(DISTINCT subscriber) FROM kit_delivery WHERE state = 'pending') AS subscribers,
    (SELECT count(*) FROM kit_delivery WHERE state = 'dead') AS dead,
    (SELECT count(*) FROM kit_audit WHERE sequence IS NULL) AS unsealed,
    now() AS now
"""

_PURGE_EVENTS = f"""
WITH old AS MATERIALIZED (
    SELECT o.ctid AS place, o.tenant_id, o.id FROM kit_outbox o
    WHERE o.created_at < now() - $1 * interval '1 hour' AND o.routed_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM kit_delivery d
        WHERE d.tenant_id = o.tenant_id AND d.event_id = o.id AND d.state IN ('pending', 'dead'))
    LIMIT {PURGE_BATCH} FOR UPDATE OF o SKIP LOCKED
),
deliveries AS (
    DELETE FROM kit_delivery d USING old WHERE d.tenant_id = old.tenant_id AND d.event_id = old.id
),
events AS (DELETE FROM kit_outbox WHERE ctid = ANY (ARRAY(SELECT place FROM old)))
SELECT count(*) FROM old
"""


def _purge_by_age(table: str, column: str) -> str:
    return f"""
WITH old AS MATERIALIZED (
    SELECT ctid AS place FROM {table} WHERE {column} < now() - $1 * interval '1 hour'
    LIMIT {PURGE_BATCH} FOR UPDATE SKIP LOCKED
),
gone AS (DELETE FROM {table} WHERE ctid = ANY (ARRAY(SELECT place FROM old)))
SELECT count(*) FROM old
"""


_PURGE_REQUESTS = _purge_by_age("kit_request", "created_at")
_PURGE_INBOX = _purge_by_age("kit_inbox", "handled_at")


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long things are kept, in hours."""

    event_hours: float = 7 * 24
    request_hours: float = 48
    inbox_hours: float = 90 * 24

    @classmethod
    def of(cls, settings: Settings) -> Keeping:
        """From ``OUTBOX_KEEP_HOURS``, ``REQUEST_KEEP_HOURS`` (24 at least, wire contract §5), ``INBOX_KEEP_HOURS``."""
        usual = cls()
        return cls(
            event_hours=_hours(settings, "OUTBOX_KEEP_HOURS", usual.event_hours),
            request_hours=max(24.0, _hours(settings, "REQUEST_KEEP_HOURS", usual.request_hours)),
            inbox_hours=_hours(settings, "INBOX_KEEP_HOURS", usual.inbox_hours),
        )


def _hours(settings: Settings, name: str, usual: float) -> float:
    text = settings.environment.get(name, "")
    try:
        return float(text) if text else usual
    except ValueError:
        message = f"{name} must be a number of hours, not {text!r}"
        raise SettingsError(message) from None


@dataclass(slots=True)
class Housekeeping:
    """Refreshes the gauges and purges."""

    database: Database
    relay: Relay
    keeping: Keeping
    metrics: Metrics
    _pending: Gauge = field(init=False)
    _oldest: Gauge = field(init=False)
    _dead: Gauge = field(init=False)
    _unsealed: Gauge = field(init=False)

    def __post_init__(self) -> None:
        registry = self.metrics.registry
        self._pending = Gauge("outbox_pending", "Events not yet delivered to everybody", registry=registry)
        self._oldest = Gauge("outbox_oldest_pending_seconds", "Age of the oldest of them", registry=registry)
        self._dead = Gauge("outbox_dead_letters", "Deliveries given up, waiting for a person", registry=registry)
        self._unsealed = Gauge("audit_unsealed", "Audit entries not yet in their chain", registry=registry)

    async def watch(self) -> None:
        """Keep the gauges fresh; for :meth:`Application.background`."""
        while True:
            await self.refresh()
            await asyncio.sleep(GAUGE_SECONDS)

    async def refresh(self) -> None:
        """Read the figures once."""
        async with self.database.session(SYSTEM_TENANT) as connection:
            found: Any = await connection.fetchrow(_FIGURES)
        self._pending.set(found["unrouted"] + found["pending"])
        times = [found[name] for name in ("oldest_unrouted", "oldest_pending") if found[name] is not None]
        self._oldest.set(max(0.0, (found["now"] - min(times)).total_seconds()) if times else 0)
        self._dead.set(found["dead"])
        self._unsealed.set(found["unsealed"])
        self.relay.watch(found["subscribers"] or ())

    async def clean(self) -> None:
        """Purge every ten minutes; for :meth:`Application.background`."""
        while True:
            await asyncio.sleep(PURGE_SECONDS)
            await self.purge()

    async def purge(self) -> int:
        """Remove what is old enough, in small batches with pauses; answers how much."""
        removed = 0
        for statement, hours in (
            (_PURGE_EVENTS, self.keeping.event_hours),
            (_PURGE_REQUESTS, self.keeping.request_hours),
            (_PURGE_INBOX, self.keeping.inbox_hours),
        ):
            while True:
                count = await self._purge_batch(statement, hours)
                removed += count
                if count < PURGE_BATCH:
                    break
                await asyncio.sleep(_BREATH_SECONDS)
        return removed

    async def _purge_batch(self, statement: str, hours: float) -> int:
        async with self.database.transaction(SYSTEM_TENANT) as connection:
            mine: Any = await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _PURGE_LOCK)
            return int(await connection.fetchval(statement, hours)) if mine else 0
