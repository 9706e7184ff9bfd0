"""Events: what a handler receives, and the CloudEvents JSON that travels."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """An event from another cell."""

    id: str
    type: str
    source: str
    subject: str
    time: datetime
    tenant_id: str
    actor: str
    data: dict[str, Any]


HandlerFunction = Callable[[Any, Event], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Handler:
    """A function that handles one type of event."""

    type: str
    function: HandlerFunction
    given: tuple[str, ...] = ()


def handles(event_type: str, *, given: str = "") -> Callable[[HandlerFunction], Handler]:
    """Declare a handler: ``async def on_contract_effective(work, event)``; it runs once per event id.

    ``given``: names of data fields, parted by spaces, without which an event is of no concern here. A producer need
    not send an event in whose data one of them is null; one that knows nothing of the field sends it all the same, so
    the handler still looks.
    """

    def decorate(function: HandlerFunction) -> Handler:
        return Handler(event_type, function, tuple(given.split()))

    return decorate
