"""Identifiers: UUIDv7 (RFC 9562), so that new rows land at the end of every index."""

from __future__ import annotations

import os
import secrets
import time
from uuid import UUID

_state = {"last_ms": 0, "counter": 0}


def uuid7() -> UUID:
    """A new UUIDv7; values made in one process rise strictly."""
    now_ms = time.time_ns() // 1_000_000
    if now_ms > _state["last_ms"]:
        _state["last_ms"] = now_ms
        _state["counter"] = secrets.randbits(11)
    else:
        _state["counter"] += 1
        if _state["counter"] > 0xFFF:
            _state["last_ms"] += 1
            _state["counter"] = 0
    value = (_state["last_ms"] & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76
    value |= _state["counter"] << 64
    value |= 0b10 << 62
    value |= int.from_bytes(os.urandom(8), "big") & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=value)
