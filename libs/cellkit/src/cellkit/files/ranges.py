"""Byte ranges (RFC 9110 §14) and conditions of a download."""

from __future__ import annotations

import re

from cellkit.files.errors import RangeNotSatisfiable

_ONE_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")


def parse_range(header: str | None, size: int) -> tuple[int, int] | None:
    """First and last byte of the range asked for, None for the whole file.

    A header of another unit, with several ranges or not well formed is ignored, as the standard allows; a range
    outside the file raises :class:`RangeNotSatisfiable`.
    """
    found = _ONE_RANGE.fullmatch((header or "").strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        length = min(int(last), size)
        if length == 0:
            raise RangeNotSatisfiable(size=size)
        return size - length, size - 1
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    if start >= size:
        raise RangeNotSatisfiable(size=size)
    return start, end


def unchanged(if_none_match: str | None, tag: str) -> bool:
    """Whether the client's copy is still the one with ``tag``."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or tag in [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
