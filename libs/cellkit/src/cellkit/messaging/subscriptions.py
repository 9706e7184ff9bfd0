"""Who wants this cell's events: asked from governance every few seconds, the last answer kept while it is away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime
from http import HTTPStatus

import msgspec

from cellkit.errors import ServiceError
from cellkit.log import get_logger
from cellkit.ops.client import ServiceClient
from cellkit.settings import Settings

REFRESH_SECONDS = 3.0
_UNKNOWN_SECONDS = 1.0
_ANSWER_SECONDS = 3.0
log = get_logger("subscriptions")


class Subscription(msgspec.Struct, frozen=True, order=True):
    """A cell wants a type of event, and has wanted it since a moment.

    An event in whose data one of the fields ``given`` is null is of no concern to it.
    """

    type: str
    subscriber: str
    since: datetime
    given: tuple[str, ...] = ()


class _Subscriptions(msgspec.Struct):
    items: list[Subscription]


class Subscriptions:
    """The subscriptions to one producer's events.

    ``known`` is None until governance has answered once: until then nobody can say whether an event is wanted.
    """

    def __init__(self, settings: Settings, client: ServiceClient) -> None:
        self._settings = settings
        self._client = client
        self._path = f"/api/governance/subscriptions?producer={settings.service_name}"
        self._etag = ""
        self.known: tuple[Subscription, ...] | None = None
        self.types: frozenset[str] = frozenset()
        self.on_change: list[Callable[[], None]] = []

    async def run(self) -> None:
        """Keep asking; for :meth:`Application.background`."""
        if not self._settings.governance_url:
            await asyncio.Event().wait()
        failing = False
        while True:
            try:
                await self.refresh()
                failing = False
            except (ServiceError, msgspec.DecodeError) as error:
                if not failing:
                    log.warning("subscriptions_unknown", error=f"{type(error).__name__}: {error}"[:300])
                failing = True
            await asyncio.sleep(REFRESH_SECONDS if self.known is not None else _UNKNOWN_SECONDS)

    async def refresh(self) -> None:
        """Ask once; raises :class:`ServiceError` or ``msgspec.DecodeError`` and keeps what was known."""
        headers = {"If-None-Match": self._etag} if self._etag else {}
        answer = await self._client.signed_request(
            "GET", self._settings.governance_url, self._path, headers=headers, timeout_seconds=_ANSWER_SECONDS
        )
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return
        if answer.status != HTTPStatus.OK:
            raise ServiceError(details={"status": answer.status})
        found = msgspec.json.decode(answer.body, type=_Subscriptions)
        self._etag = answer.headers.get("ETag", "")
        self.take(found.items)

    def take(self, found: Collection[Subscription]) -> None:
        """Hold these from now on."""
        made = tuple(sorted(found))
        if made != self.known:
            self.known = made
            self.types = frozenset(item.type for item in made)
            for tell in self.on_change:
                tell()

    @property
    def subscribers(self) -> set[str]:
        """Every cell that wants something."""
        return {item.subscriber for item in self.known or ()}
