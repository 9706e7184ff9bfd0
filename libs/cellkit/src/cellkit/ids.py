"""Identifiers: UUIDv7 (RFC 9562), so that new rows land at the end of every index."""

from __future__ import annotations

import os
import time
from datetime import datetime
from uuid import UUID, SafeUUID

_POOL_BYTES = 4096
_new, _set = object.__new__, object.__setattr__


class _State:
    """The last millisecond and counter, and random bytes fetched ahead: a document needs dozens of ids."""

    __slots__ = ("counter", "last_ms", "place", "pool")

    def __init__(self) -> None:
        self.last_ms = 0
        self.counter = 0
        self.forget()

    def forget(self) -> None:
        """Drop the bytes fetched ahead: a forked process must not give out its parent's."""
        self.pool = b""
        self.place = 0

    def random(self) -> int:
        """64 random bits."""
        if self.place >= len(self.pool):
            self.pool = os.urandom(_POOL_BYTES)
            self.place = 0
        self.place += 8
        return int.from_bytes(self.pool[self.place - 8 : self.place], "big")


_state = _State()
os.register_at_fork(after_in_child=_state.forget)


def uuid7() -> UUID:
    """A new UUIDv7; values made in one process rise strictly."""
    state = _state
    now_ms = time.time_ns() // 1_000_000
    if now_ms > state.last_ms:
        state.last_ms = now_ms
        state.counter = state.random() & 0x7FF
    else:
        state.counter += 1
        if state.counter > 0xFFF:
            state.last_ms += 1
            state.counter = 0
    value = (
        (state.last_ms & 0xFFFF_FFFF_FFFF) << 80
        | 0x7 << 76
        | state.counter << 64
        | 0b10 << 62
        | state.random() & 0x3FFF_FFFF_FFFF_FFFF
    )
    # What UUID's own constructor checks cannot be wrong here, and it takes longer than all of the above.
    made: UUID = _new(UUID)
    _set(made, "int", value)
    _set(made, "is_safe", SafeUUID.unknown)
    return made


def first_id(moment: datetime, *, after: bool = False) -> UUID:
    """An id below those of rows that tell ``moment`` as their time, or above them (``after``).

    The id of a row is made a little before or after the moment that it tells, so a minute is allowed for.
    """
    milliseconds = int(moment.timestamp() * 1000) + (60_001 if after else -60_000)
    return UUID(int=max(0, min(milliseconds, (1 << 48) - 1)) << 80)
