"""The relay: carries committed events from the outbox to the inboxes of their subscribers.

One coordinating task a process does all statements, in batches; each try is a task of its own. Several processes may
run it on the same database: the statements share the work out.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import asyncpg
import msgspec
from prometheus_client import Counter

from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.db.pool import Database
from cellkit.errors import ServiceError, Unavailable
from cellkit.http.messages import from_json
from cellkit.log import get_logger
from cellkit.messaging.outbox import (
    LEASE_SECONDS,
    LOOK,
    ROUTE_BATCH,
    Delivery,
    Result,
    catch_up,
    claim,
    route,
    settle,
    try_again,
)
from cellkit.messaging.subscriptions import Subscription, Subscriptions
from cellkit.ops.client import Answer, ServiceClient
from cellkit.ops.metrics import Metrics

RETRY_SECONDS = (1.0, 5.0, 60.0, 300.0, 1800.0, 7200.0, 43200.0)
"""The pauses before the second to the last try (wire contract §7)."""

POLL_SECONDS = 1.0
LANE_WIDTH = 8
"""Tries under way at once for one subscriber."""
LANE_STOCK = 24
"""Deliveries in hand for one subscriber, so that the next tries need not wait for the database."""
TRY_SECONDS = 10.0
_PASS_SECONDS = 0.004
# What has waited in hand this long is given back: it must be tried well within its lease.
_STALE_SECONDS = LEASE_SECONDS / 2 - 5
_TURN_SECONDS = 0.1
# A process that starts looks this far back for what the one before it may have routed without knowing all subscribers.
_UNKNOWN_AT_START = timedelta(days=1)
_LONGEST_LANE_PAUSE_SECONDS = 30.0
_LONGEST_ERROR = 500
_CLOUD_EVENT = {"Content-Type": "application/cloudevents+json"}
# Answers of the gateway, or of a consumer that cannot take anything now; they say nothing about the event.
_UNREACHABLE = frozenset({429, 502, 503, 504})
_DATABASE_TROUBLE = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
log = get_logger("relay")


class _Trace(msgspec.Struct):
    traceparent: str = ""


@dataclass(slots=True)
class Lane:
    """The tries for one subscriber. One that does not answer is probed by single tries with growing pauses."""

    subscriber: str
    in_hand: int = 0
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LANE_WIDTH))
    pause_seconds: float = 0.0
    paused_until: float = 0.0

    def free(self, now: float) -> int:
        """How many more deliveries may be taken in hand."""
        if now < self.paused_until:
            return 0
        return max(0, (1 if self.pause_seconds else LANE_STOCK) - self.in_hand)

    def unreachable(self, now: float) -> None:
        """Nobody answered."""
        if now >= self.paused_until:
            self.pause_seconds = min(max(self.pause_seconds * 2, 1.0), _LONGEST_LANE_PAUSE_SECONDS)
            self.paused_until = now + self.pause_seconds

    def answered(self) -> bool:
        """Somebody answered; whether that is news."""
        news = self.pause_seconds > 0
        self.pause_seconds = self.paused_until = 0.0
        return news


@dataclass(slots=True)
class Relay:
    """Routes and delivers; ``run`` is its loop, ``wake`` and ``committed`` cut its waiting short."""

    database: Database
    client: ServiceClient
    subscriptions: Subscriptions
    metrics: Metrics
    retry_seconds: tuple[float, ...] = RETRY_SECONDS
    lanes: dict[str, Lane] = field(default_factory=dict)
    _finished: list[Result] = field(default_factory=list)
    _tries: dict[asyncio.Task[None], Delivery] = field(default_factory=dict)
    _recovered: set[str] = field(default_factory=set)
    _event: asyncio.Event = field(default_factory=asyncio.Event)
    _caught_up: set[Subscription] = field(default_factory=set)
    _route: bool = True
    _claim: bool = True
    _due_at: float = math.inf
    _counter: Counter = field(init=False)

    def __post_init__(self) -> None:
        self._counter = Counter(
            "outbox_tries_total", "Tries to deliver an event", ["subscriber", "outcome"], registry=self.metrics.registry
        )
        self.subscriptions.on_change.append(self.wake)

    def committed(self, types: Collection[str]) -> None:
        """A work of this process was committed; events that nobody wants can wait for the next poll."""
        if not self.subscriptions.types.isdisjoint(types):
            self._route = True
            self._event.set()

    def wake(self) -> None:
        """Look now: subscriptions changed, or a dead letter was put back."""
        self._route = True
        self._claim = True
        self._event.set()

    def watch(self, subscribers: Collection[str]) -> None:
        """Also deliver to these: cells with open deliveries that no longer subscribe."""
        for subscriber in subscribers:
            self.lanes.setdefault(subscriber, Lane(subscriber))

    async def run(self) -> None:
        """The loop; for :meth:`Application.background`."""
        troubled = False
        try:
            while True:
                self._event.clear()
                pause = POLL_SECONDS
                if self.subscriptions.known is not None:
                    try:
                        pause = await self._pass()
                        troubled = False
                    except _DATABASE_TROUBLE as error:
                        # Results stay in hand until they are written.
                        if not troubled:
                            log.warning("relay_paused", error=f"{type(error).__name__}: {error}"[:300])
                        troubled = True
                        self._route = True
                        await asyncio.sleep(POLL_SECONDS)
                await self._wait(pause)
        finally:
            await self._leave()

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return
        # What comes within a few milliseconds is done in one go.
        await asyncio.sleep(_PASS_SECONDS)

    async def _pass(self) -> float:
        """Settle, route, hand out; answers how long there is nothing to do."""
        self.watch(self.subscriptions.subscribers)
        if time.monotonic() >= self._due_at:
            self._claim, self._due_at = True, math.inf
        if not (self._finished or self._recovered or self._route or self._may_claim()):
            # An idle poll.
            async with self.database.session(SYSTEM_TENANT) as connection:
                record: Any = await connection.fetchrow(LOOK, [lane.subscriber for lane in self._open_lanes()])
            self._route = record["unrouted"]
            if record["due"]:
                self._claim = True
            if not (self._route or record["due"]):
                return self._idle_seconds()
        async with self.database.session(SYSTEM_TENANT) as connection:
            await self._settle(connection)
            again = await self._route_all(connection)
            await self._hand_out(connection)
        return again or self._idle_seconds()

    async def _settle(self, connection: Any) -> None:
        if self._finished:
            results = self._finished[:]
            await settle(connection, results)
            del self._finished[: len(results)]
            pauses = [result.delay for result in results if result.outcome == "again"]
            self._due_at = min([self._due_at, *(time.monotonic() + pause for pause in pauses)])
            # A freed place, and perhaps the next event of the same key.
            self._claim = True
        if self._recovered:
            await try_again(connection, sorted(self._recovered))
            self._recovered.clear()
            self._claim = True

    async def _route_all(self, connection: Any) -> float | None:
        """Route what is new; a pause when it is another process's turn."""
        if not self._route:
            return None
        wanted = self.subscriptions.known or ()
        await self._catch_up(connection, wanted)
        while True:
            self._route = False
            done = await route(connection, wanted)
            if done.made:
                self._claim = True
            if not done.open:
                self._route = True
                return _TURN_SECONDS
            if done.seen < ROUTE_BATCH:
                return None
            if done.made:
                # A long queue: what is routed already need not wait for the rest.
                self._route = True
                self._event.set()
                return None

    async def _catch_up(self, connection: Any, wanted: Sequence[Subscription]) -> None:
        """What this process, or one before it, routed while it did not know of a subscription."""
        fresh = [item for item in wanted if item not in self._caught_up]
        if not fresh:
            return
        recent = datetime.now(UTC) - _UNKNOWN_AT_START if not self._caught_up else datetime.min.replace(tzinfo=UTC)
        await catch_up(connection, [msgspec.structs.replace(item, since=max(item.since, recent)) for item in fresh])
        self._caught_up.update(fresh)
        self._claim = True

    async def _hand_out(self, connection: Any) -> None:
        now = time.monotonic()
        while self._may_claim():
            free = {lane.subscriber: lane.free(now) for lane in self._open_lanes()}
            taken, held = await claim(connection, free)
            for delivery in taken:
                self._start(delivery)
            # More may be due where every place was taken; a finished try comes back for it.
            self._claim = len(taken) == sum(free.values()) or held > 0
            if not held:
                return

    def _open_lanes(self) -> list[Lane]:
        now = time.monotonic()
        return [lane for lane in self.lanes.values() if lane.free(now) > 0]

    def _may_claim(self) -> bool:
        return self._claim and bool(self._open_lanes())

    def _idle_seconds(self) -> float:
        """Until the poll, or until a paused lane may be probed."""
        now = time.monotonic()
        ends = [lane.paused_until - now for lane in self.lanes.values() if lane.paused_until > now]
        return max(min([POLL_SECONDS, self._due_at - now, *ends]), _PASS_SECONDS)

    def _start(self, delivery: Delivery) -> None:
        self.lanes[delivery.subscriber].in_hand += 1
        task = asyncio.create_task(self._try(delivery, time.monotonic()), name=f"deliver {delivery.event_id}")
        self._tries[task] = delivery
        task.add_done_callback(self._tries.pop)

    async def _try(self, delivery: Delivery, taken_at: float) -> None:
        lane = self.lanes[delivery.subscriber]
        try:
            async with lane.gate:
                now = time.monotonic()
                if now < lane.paused_until or now - taken_at > _STALE_SECONDS:
                    self._finished.append(Result(delivery, "released"))
                    self._event.set()
                    return
                result = await self._send(delivery)
        except BaseException:
            # Cut off: the try never happened, as far as anybody knows.
            self._finished.append(Result(delivery, "released"))
            raise
        finally:
            lane.in_hand -= 1
        if result.unreachable:
            lane.unreachable(time.monotonic())
        elif lane.answered():
            self._recovered.add(delivery.subscriber)
        self._finished.append(result)
        self._event.set()
        self._counter.labels(delivery.subscriber, result.outcome).inc()
        if result.outcome == "dead":
            log.error(
                "event_given_up",
                event_id=str(delivery.event_id),
                tenant_id=str(delivery.tenant_id),
                subscriber=delivery.subscriber,
                error=result.error,
            )

    async def _send(self, delivery: Delivery) -> Result:
        try:
            trace = msgspec.json.decode(delivery.event, type=_Trace).traceparent
            async with asyncio.timeout(TRY_SECONDS + 2):
                answer = await self.client.request(
                    "POST",
                    f"/api/v1/{delivery.subscriber}/_inbox",
                    tenant_id=str(delivery.tenant_id),
                    json=msgspec.Raw(delivery.event.encode()),
                    request_id=str(delivery.event_id),
                    headers=_CLOUD_EVENT | ({"traceparent": trace} if trace else {}),
                    timeout_seconds=TRY_SECONDS,
                )
        except (Unavailable, TimeoutError) as error:
            return self._failed(delivery, f"no answer ({type(error).__name__})", unreachable=True)
        except ServiceError as error:
            return self._failed(delivery, str(error), unreachable=False)
        except Exception as error:  # noqa: BLE001 - one strange event must not stop the others
            return self._failed(delivery, f"{type(error).__name__}: {error}", unreachable=False)
        if answer.succeeded:
            return Result(delivery, "delivered")
        return self._failed(delivery, _told(answer), unreachable=answer.status in _UNREACHABLE)

    def _failed(self, delivery: Delivery, error: str, *, unreachable: bool) -> Result:
        error = error.replace("\x00", "")[:_LONGEST_ERROR]
        if delivery.attempts > len(self.retry_seconds):
            return Result(delivery, "dead", error=error, unreachable=unreachable)
        return Result(delivery, "again", self.retry_seconds[delivery.attempts - 1], error, unreachable=unreachable)

    async def _leave(self) -> None:
        """Give back what is under way, so that the next process need not wait for the leases."""
        tries = dict(self._tries)
        for task in tries:
            task.cancel()
        await asyncio.gather(*tries, return_exceptions=True)
        # A task that was cancelled before it began has left nothing.
        known = {id(item.delivery) for item in self._finished}
        self._finished += [Result(item, "released") for item in tries.values() if id(item) not in known]
        self.lanes.clear()
        if not self._finished:
            return
        try:
            async with asyncio.timeout(2), self.database.session(SYSTEM_TENANT) as connection:
                await settle(connection, self._finished)
            self._finished.clear()
        except _DATABASE_TROUBLE:
            log.warning("leases_left", count=len(self._finished))


def _told(answer: Answer) -> str:
    """A refusal in one line: status, code and message where it is the contract's shape."""
    status = f"{answer.status} {HTTPStatus(answer.status).phrase}" if answer.status in _STATUSES else str(answer.status)
    try:
        body = from_json(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return status
    if not isinstance(body, dict):
        return status
    told = [str(body[name]) for name in ("code", "message") if body.get(name)]
    if body.get("details"):
        told.append(msgspec.json.encode(body["details"], enc_hook=str).decode())
    return f"{answer.status} {' · '.join(told)}" if told else status


_STATUSES = frozenset(int(item) for item in HTTPStatus)
