"""Values as bytes and back, exactly: decimals, days, times and ids stay what they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

_READ: dict[str, Callable[[str], Any]] = {
    "$decimal": Decimal,
    "$date": date.fromisoformat,
    "$moment": datetime.fromisoformat,
    "$id": UUID,
}


def pack(value: Any) -> bytes:
    """JSON bytes; what JSON cannot hold is told with its kind. Raises :class:`TypeError` for other values."""
    return msgspec.json.encode(_tagged(value))


def unpack(raw: bytes) -> Any:
    """The value that :func:`pack` was given (tuples come back as lists); raises :class:`ValueError`."""
    return _untagged(msgspec.json.decode(raw))


def _tagged(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, datetime):
        return {"$moment": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, UUID):
        return {"$id": str(value)}
    if isinstance(value, dict):
        if any(not isinstance(key, str) or key.startswith("$") for key in value):
            raise TypeError(value)
        return {key: _tagged(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_tagged(one) for one in value]
    raise TypeError(type(value))


def _untagged(value: Any) -> Any:
    if isinstance(value, list):
        return [_untagged(one) for one in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        kind, text = next(iter(value.items()))
        read = _READ.get(kind)
        if read is not None:
            return read(text)
    return {key: _untagged(one) for key, one in value.items()}
