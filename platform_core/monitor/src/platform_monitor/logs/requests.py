"""What is looked for in the gateway's access log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from platform_monitor.logs.files import ACCESS
from platform_monitor.logs.redaction import clean_text
from platform_monitor.logs.stream import Asked
from platform_monitor.traffic.line import AccessLine, read_line


@dataclass(frozen=True, slots=True)
class RequestWish:
    """Conditions on requests; None or "" asks nothing. ``statuses`` are inclusive bounds."""

    begin: float
    end: float
    tenant_id: str = ""
    user_id: str = ""
    request_id: str = ""
    trace_id: str = ""
    service: str = ""
    caller: str = ""
    method: str = ""
    path: str = ""
    statuses: tuple[int, int] | None = None
    least_ms: float | None = None


def asked_of(wish: RequestWish) -> Asked[AccessLine]:
    """The search in the access log; an entry's moment is when its answer had gone out, as lines are written then."""
    rare = (wish.request_id, wish.trace_id, wish.user_id, wish.tenant_id)
    needles = tuple(word.encode() for word in rare if word)
    return Asked(
        ACCESS,
        wanted=lambda data: all(needle in data for needle in needles),
        read=read_line,
        moment=_ended,
        fits=_conditions(wish),
        continued=_ignore,
        untimed=_nothing,
        begin=wish.begin,
        end=wish.end,
    )


def _ended(line: AccessLine) -> float:
    return line.began + line.seconds


def _ignore(_line: AccessLine, _lines: list[bytes]) -> None:
    """An access log has no continued lines."""


def _nothing(_lines: list[bytes], _at: float) -> AccessLine | None:
    return None


def _conditions(wish: RequestWish) -> Callable[[AccessLine], bool]:
    equal = {
        name: wanted
        for name in ("tenant_id", "user_id", "request_id", "trace_id", "caller", "method")
        if (wanted := getattr(wish, name))
    }
    if wish.service:
        equal["callee"] = wish.service
    return partial(_fits, wish, equal)


def _fits(wish: RequestWish, equal: dict[str, str], line: AccessLine) -> bool:
    if any((getattr(line, name) or "") != wanted for name, wanted in equal.items()):
        return False
    if wish.statuses is not None and not wish.statuses[0] <= (line.status or 0) <= wish.statuses[1]:
        return False
    if wish.least_ms is not None and (line.duration_ms or 0) < wish.least_ms:
        return False
    return not wish.path or wish.path in (line.path or "")


def moment(seconds: float) -> str:
    """RFC 3339 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def shown(line: AccessLine) -> dict[str, Any]:
    """One request in the administration interface."""
    return {
        "request_id": line.request_id,
        "trace_id": line.trace_id or None,
        "at": moment(line.began),
        "method": line.method,
        "path": clean_text(line.path or ""),
        "status": line.status,
        "duration_ms": line.duration_ms,
        "service_ms": line.service_ms,
        "caller": line.caller,
        "service": line.callee,
        "tenant_id": line.tenant_id,
        "user_id": line.user_id,
        "client_address": line.client_address,
        "instance": line.instance,
        "bytes_sent": line.bytes_sent,
        "flags": line.flags,
        "details": line.details,
    }
