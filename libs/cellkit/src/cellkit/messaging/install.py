"""Puts messaging into a cell's application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellkit.audit.described import audit_paths
from cellkit.audit.entry import algorithm_of
from cellkit.audit.keeper import Keeper, keep_days_of
from cellkit.audit.routes import AuditRoutes
from cellkit.audit.sealer import Sealer
from cellkit.http.application import Application
from cellkit.messaging.console import OutboxConsole
from cellkit.messaging.described import messaging_paths
from cellkit.messaging.events_console import EventsConsole
from cellkit.messaging.housekeeping import Housekeeping, Keeping
from cellkit.messaging.inbox import Inbox
from cellkit.messaging.inbox_console import InboxConsole
from cellkit.messaging.relay import Relay
from cellkit.messaging.subscriptions import Subscriptions
from cellkit.ops.client import ServiceClient
from cellkit.pipeline.engine import Engine

if TYPE_CHECKING:
    from cellkit.cell import Cell


@dataclass(frozen=True, slots=True)
class Messaging:
    """The parts that run behind a cell's requests."""

    subscriptions: Subscriptions
    relay: Relay
    sealer: Sealer
    keeper: Keeper
    housekeeping: Housekeeping


def install_messaging(app: Application, engine: Engine, cell: Cell, client: ServiceClient) -> None:
    """Add the inbox, the relay, the audit sealer and their consoles."""
    subscriptions = Subscriptions(app.settings, client)
    relay = Relay(engine.database, client, subscriptions, app.metrics)
    sealer = Sealer(engine.database)
    housekeeping = Housekeeping(engine.database, relay, Keeping.of(app.settings), app.metrics)
    engine.audit_algorithm = algorithm_of(app.settings)
    engine.committed += [relay.committed, sealer.committed]
    app.router.add("POST", f"/api/v1/{cell.name}/_inbox", Inbox(engine, cell.handlers))
    app.extra_paths |= messaging_paths(cell.name) | audit_paths(cell.name)
    app.router.add("GET", f"/api/v1/{cell.name}/_inbox", InboxConsole(engine))
    OutboxConsole(engine, relay.wake).add_to(app.router)
    EventsConsole(engine, subscriptions, relay.wake).add_to(app.router)
    # The clock as it is when it is asked: tests replace it.
    now = lambda: engine.clock()  # noqa: E731, PLW0108 - late on purpose
    keeper = Keeper(engine.database, app.settings, app.metrics, now, keep_days_of(app.settings))
    AuditRoutes(engine, keeper).add_to(app.router)
    app.background("subscriptions", subscriptions.run)
    app.background("relay", relay.run)
    app.background("audit sealer", sealer.run)
    app.background("audit keeper", keeper.run)
    app.background("outbox figures", housekeeping.watch)
    app.background("purge", housekeeping.clean)
    app.messaging = Messaging(subscriptions, relay, sealer, keeper, housekeeping)
