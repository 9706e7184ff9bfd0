"""Pages of the kit's own lists: the query's parameters, cursors, and the envelope."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from cellkit.errors import BadRequest
from cellkit.http.messages import Reply, from_json, json_reply, to_json
from cellkit.labels import L, Label

DEFAULT_LIMIT = 20
MAX_LIMIT = 200
_LARGEST = 2**62


def check_query(query: dict[str, str], allowed: Collection[str]) -> None:
    """Refuse parameters that the list does not know."""
    unknown = sorted(query.keys() - set(allowed))
    if unknown:
        raise BadRequest(reason=L(f"未知的查询参数 {unknown[0][:60]}", f"unknown query parameter {unknown[0][:60]}"))


def one_of(name: str, values: Collection[str]) -> Label:
    """Why a parameter is refused that takes one of ``values``."""
    return L(f"{name} 应为：{'、'.join(values)}", f"{name}: one of {', '.join(values)}")


def limit_of(query: dict[str, str]) -> int:
    """``limit``: 1–200, default 20."""
    text = query.get("limit") or str(DEFAULT_LIMIT)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MAX_LIMIT:
        raise BadRequest(reason=L(f"limit 应在 1–{MAX_LIMIT} 之间", f"limit: 1–{MAX_LIMIT}"))
    return int(text)


def moment_of(query: dict[str, str], name: str) -> datetime | None:
    """A time parameter, RFC 3339 with its zone."""
    text = query.get(name)
    if not text:
        return None
    try:
        # A plus sign that was not escaped arrives as a space.
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise BadRequest(reason=L(f"{name} 应为 RFC 3339 时间", f"{name}: RFC 3339")) from None
    if moment.tzinfo is None:
        raise BadRequest(reason=L(f"{name} 应为带时区的 RFC 3339 时间", f"{name}: RFC 3339 with its zone"))
    return moment


def make_cursor(*values: Any) -> str:
    """An opaque cursor."""
    return base64.urlsafe_b64encode(to_json(values)).decode().rstrip("=")


def read_cursor(query: dict[str, str], *kinds: type[int | str | UUID]) -> list[Any] | None:
    """The values of ``cursor``; raises :class:`BadRequest` when it is not one of this list."""
    text = query.get("cursor")
    if not text:
        return None
    try:
        values = from_json(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if len(values) != len(kinds) or not all(isinstance(value, int | str) for value in values):
            raise ValueError
        if any("\x00" in value if isinstance(value, str) else abs(value) > _LARGEST for value in values):
            raise ValueError
        return [kind(value) for kind, value in zip(kinds, values, strict=True)]
    except (ValueError, TypeError, AttributeError, binascii.Error, msgspec.DecodeError):
        raise BadRequest(reason=L("cursor 不是本列表给出的", "cursor: not one of this list")) from None


def page_reply(items: Sequence[Any], following: str | None, total: int | None) -> Reply:
    """The envelope of a list."""
    return json_reply({"items": items, "next": following, "total": total})


def wants_total(query: dict[str, str]) -> bool:
    """Whether ``total`` is asked for."""
    return query.get("total") in ("true", "1")
