"""How the requests of one trace hang together: pure functions on lines of the access log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from platform_monitor.logs.requests import shown
from platform_monitor.traffic.line import AccessLine

# The gateway's clock has milliseconds only.
_TOLERANCE_SECONDS = 0.002
_INBOX = "/_inbox"


def waterfall(lines: Sequence[AccessLine]) -> list[dict[str, Any]]:
    """Spans by their beginning; ``parent`` is the index of the span that caused it, None for the first.

    Cells hand the trace on but not the span, so a call belongs to the request that its caller was answering at that
    moment, the latest begun where there are several. What runs when nobody waits any more (an event being delivered)
    belongs to the latest request that its sender had answered before.
    """
    ordered = sorted(lines, key=lambda line: (line.began, -line.seconds))
    spans: list[dict[str, Any]] = []
    begin = ordered[0].began if ordered else 0.0
    for index, line in enumerate(ordered):
        parent, waits = _parent(ordered, index)
        spans.append(
            {
                **shown(line),
                "parent": parent,
                "depth": 0 if parent is None else spans[parent]["depth"] + 1,
                "kind": _kind(line, parent, waits=waits),
                "offset_ms": round((line.began - begin) * 1000, 1),
            }
        )
    return spans


def _kind(line: AccessLine, parent: int | None, *, waits: bool) -> str:
    if (line.path or "").endswith(_INBOX):
        return "event"
    if parent is None:
        return "request"
    return "call" if waits else "later"


def _parent(ordered: Sequence[AccessLine], index: int) -> tuple[int | None, bool]:
    """The cause's index, and whether the cause was still waiting."""
    line = ordered[index]
    before: int | None = None
    for place in range(index - 1, -1, -1):
        other = ordered[place]
        if other.callee != line.caller:
            continue
        if line.began <= other.began + other.seconds + _TOLERANCE_SECONDS:
            return place, True
        before = place if before is None else before
    if before is not None:
        return before, False
    return (None, False) if index == 0 or not line.caller_is_service else (0, False)
