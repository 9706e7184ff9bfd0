"""One page of entries out of several logs, the newest first, with a cursor that names a place in each."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from cellkit.errors import BadRequest
from cellkit.labels import L
from platform_monitor.logs.blocks import Budget
from platform_monitor.logs.files import LogFolder, Place
from platform_monitor.logs.stream import Asked, Found, LostPlace, Stream

T = TypeVar("T")
MOST_BYTES = 96 * 1024 * 1024
MOST_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class PageOf(Generic[T]):
    """Entries, the cursor for what is older (None: there is nothing), and how much was read for them."""

    entries: list[T]
    following: str | None
    read_bytes: int


class _Cursor(msgspec.Struct, array_like=True):
    places: dict[str, tuple[str, int]]
    done: list[str]


def page(folder: LogFolder, asked: Sequence[Asked[T]], limit: int, cursor: str | None) -> PageOf[T]:
    """The next ``limit`` entries; fewer, or none, with a cursor when the budget was used up before."""
    budget = Budget(MOST_BYTES, MOST_SECONDS)
    last = _read_cursor(cursor) if cursor else _Cursor({}, [])
    streams = {
        item.service: Stream(folder, item, _place(last, item.service), budget)
        for item in asked
        if item.service not in last.done
    }
    iterators = {name: stream.entries() for name, stream in streams.items()}
    heads: dict[str, Found[T]] = {}
    taken: list[T] = []
    try:
        waiting = list(iterators)
        while True:
            for name in waiting:
                _advance(iterators[name], name, heads)
            cut = any(not stream.finished and name not in heads for name, stream in streams.items())
            if not heads or cut or len(taken) >= limit:
                break
            name = max(heads, key=lambda key: heads[key].at)
            found = heads.pop(name)
            taken.append(found.entry)
            streams[name].reached = found.place
            waiting = [name]
    except LostPlace:
        raise BadRequest(
            reason=L("cursor 所指的日志已被轮转，请重新查询", "cursor: the log it points into is gone; search again")
        ) from None
    places = {name: stream.reached for name, stream in streams.items() if not stream.finished or name in heads}
    places |= {name: found.behind for name, found in heads.items()}
    if not places:
        return PageOf(taken, None, budget.read)
    done = [item.service for item in asked if item.service not in places]
    return PageOf(taken, _write_cursor(places, done), budget.read)


def _advance(iterator: Iterator[Found[T]], name: str, heads: dict[str, Found[T]]) -> None:
    found = next(iterator, None)
    if found is not None:
        heads[name] = found


def _place(cursor: _Cursor, name: str) -> Place | None:
    known = cursor.places.get(name)
    return None if known is None else Place(*known)


def _write_cursor(places: dict[str, Place | None], done: list[str]) -> str:
    known = {name: (place.mark, place.offset) for name, place in places.items() if place is not None}
    return base64.urlsafe_b64encode(msgspec.json.encode(_Cursor(known, done))).rstrip(b"=").decode()


def _read_cursor(text: str) -> _Cursor:
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return msgspec.json.decode(raw, type=_Cursor)
    except (ValueError, binascii.Error, msgspec.DecodeError):
        raise BadRequest(reason=L("cursor 不是本列表给出的", "cursor: not one of this list")) from None


def now() -> float:
    """The end of a search that names none: a little ahead, as clocks and writers may be."""
    return time.time() + 60
