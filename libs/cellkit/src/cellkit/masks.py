"""Masks: how a value looks to somebody without the right to read it. Pure, and safe to apply twice."""

from __future__ import annotations

import re
from collections.abc import Callable

_HIDDEN = "****"
_KEEP = re.compile(r"keep:(\d{1,3}),(\d{1,3})")


def _mobile(text: str) -> str:
    return text[:3] + _HIDDEN + text[-4:] if len(text) >= 11 else text[:1] + _HIDDEN


def _email(text: str) -> str:
    name, at, domain = text.partition("@")
    return name[:1] + "***" + at + domain


def _id_card(text: str) -> str:
    return text[:4] + "*" * 10 + text[-4:] if len(text) >= 15 else _HIDDEN


def _bank(text: str) -> str:
    return "**** **** " + text[-4:] if len(text) > 8 else _HIDDEN


def _name(text: str) -> str:
    return text[:1] + "*" * max(1, min(len(text) - 1, 3))


def _address(text: str) -> str:
    # Province and city are nobody's secret; what comes after them is.
    return text[:6] + _HIDDEN if len(text) > 8 else text[: len(text) // 3] + _HIDDEN


def _plate(text: str) -> str:
    # 京A12345 → 京A****5
    return text[:2] + _HIDDEN + text[-1:] if len(text) >= 6 else _HIDDEN


def _all(_text: str) -> str:
    return _HIDDEN


_KINDS: dict[str, Callable[[str], str]] = {
    "mobile": _mobile,
    "email": _email,
    "id_card": _id_card,
    "bank": _bank,
    "name": _name,
    "address": _address,
    "plate": _plate,
    "all": _all,
}
PERSONAL = frozenset(_KINDS) - {"all"}
"""The masks whose values are about a person."""


def is_mask(kind: str) -> bool:
    """Whether ``kind`` names a mask: one of the kinds, or ``keep:3,4`` (first three, last four)."""
    return kind in _KINDS or _KEEP.fullmatch(kind) is not None


def mask(kind: str, text: str) -> str:
    """``text`` as someone without the right to read it sees it; an unknown kind hides everything."""
    if not text:
        return text
    found = _KINDS.get(kind)
    if found is not None:
        return found(text)
    keep = _KEEP.fullmatch(kind)
    if keep is None:
        return _HIDDEN
    first, last = int(keep[1]), int(keep[2])
    if len(text) <= first + last:
        return _HIDDEN
    return text[:first] + _HIDDEN + (text[-last:] if last else "")
