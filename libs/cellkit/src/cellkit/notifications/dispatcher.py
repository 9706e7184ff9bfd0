"""The loop behind the inbox: rules known, triggers handled, notices routed, deliveries sent, the old removed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection
from contextlib import suppress

from cellkit.approval.directory import Directory
from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.log import get_logger
from cellkit.notifications.channels.addresses import Networks
from cellkit.notifications.routing import Router
from cellkit.notifications.sending import Sender
from cellkit.notifications.triggers import Triggers
from cellkit.notifications.watching import Watcher
from cellkit.pipeline.engine import Engine
from cellkit.settings import Settings, SettingsError

POLL_SECONDS = 5.0
PURGE_SECONDS = 3600.0
PURGE_BATCH = 1000
_WAITING = """
(SELECT DISTINCT 't' AS kind, tenant_id FROM kit_notification_trigger WHERE next_at <= now() LIMIT 50)
UNION ALL (SELECT DISTINCT 'n', tenant_id FROM kit_notification WHERE routed_at IS NULL LIMIT 50)
"""
_PURGES = {
    "kit_notification": (
        "created_at < now() - $1 * interval '1 hour' AND routed_at IS NOT NULL AND "
        "(read_at IS NOT NULL OR created_at < now() - $1 * interval '4 hours')"
    ),
    "kit_notification_delivery": (
        "created_at < now() - $1 * interval '1 hour' AND state IN ('sent', 'dead', 'discarded')"
    ),
}
log = get_logger("notifications")


class Dispatcher:
    """One per process; replicas share the work by row locks."""

    def __init__(self, engine: Engine, settings: Settings, directory: Directory) -> None:
        self._engine = engine
        self._rule_events = f"{engine.cell}.notification_rule."
        self.watcher = Watcher(engine.database)
        self.triggers = Triggers(engine, directory)
        self.router = Router(engine)
        self.sender = Sender(engine, Networks.of(settings))
        self._keep_hours = _hours(settings, "NOTIFICATION_KEEP_HOURS", 90 * 24)
        self._keep_deliveries_hours = _hours(settings, "NOTIFICATION_DELIVERY_KEEP_HOURS", 30 * 24)
        self._wake = asyncio.Event()
        self._busy = asyncio.Lock()
        self._purged_at = time.monotonic()

    def committed(self, types: Collection[str]) -> None:
        """Told of every commit; wakes the loop when there is something for it."""
        if self.watcher.added or any(item.startswith(self._rule_events) for item in types):
            self._wake.set()

    def wake(self) -> None:
        """Let the loop work at once."""
        self._wake.set()

    async def run(self) -> None:
        """Work until cancelled; each round ends when nothing is left to do."""
        try:
            while True:
                self.watcher.added = False
                self._wake.clear()
                await self.watcher.load()
                while await self.once():
                    pass
                if time.monotonic() - self._purged_at > PURGE_SECONDS:
                    self._purged_at = time.monotonic()
                    await self.purge()
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL_SECONDS):
                        await self._wake.wait()
        finally:
            await self.sender.close()

    async def once(self) -> bool:
        """One step of everything; whether there was something to do."""
        async with self._busy:
            return await self._step()

    async def _step(self) -> bool:
        async with self._engine.database.session(SYSTEM_TENANT) as connection:
            waiting = await connection.fetch(_WAITING)
        done = 0
        for record in waiting:
            tenant = str(record["tenant_id"])
            if record["kind"] == "t":
                # Its notices are routed in the next step.
                done += await self.triggers.handle(tenant)
            else:
                done += await self.router.route(tenant)
        return bool(done + await self.sender.send_due())

    async def purge(self) -> None:
        """Remove what was kept long enough; what nobody read is kept four times as long."""
        hours = {"kit_notification": self._keep_hours, "kit_notification_delivery": self._keep_deliveries_hours}
        for table, condition in _PURGES.items():
            gone = PURGE_BATCH
            while gone >= PURGE_BATCH:
                async with self._engine.database.session(SYSTEM_TENANT) as connection:
                    told = await connection.execute(
                        f"DELETE FROM {table} WHERE ctid = ANY (ARRAY("
                        f"SELECT ctid FROM {table} WHERE {condition} LIMIT {PURGE_BATCH} FOR UPDATE SKIP LOCKED))",
                        hours[table],
                    )
                gone = int(told.rpartition(" ")[2])


def _hours(settings: Settings, name: str, usual: float) -> float:
    text = settings.extra(name)  # noqa: S610 - an environment variable, no query
    if not text:
        return usual
    try:
        hours = float(text)
    except ValueError:
        raise SettingsError(f"{name} must be a number of hours, not {text!r}") from None
    if hours <= 0:
        raise SettingsError(f"{name} must be more than nothing")
    return hours
