"""Reading the bodies of the privacy routes: every problem is named."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from cellkit.errors import FieldProblem, problem

SHORTEST_REASON = 2
LONGEST_REASON = 500


def check_names(body: dict[str, Any], known: Collection[str]) -> list[FieldProblem]:
    """A problem for every name that is not known."""
    return [problem(name[:60], "unknown", "未知字段", "Unknown field") for name in sorted(body.keys() - set(known))]


def reason_of(body: dict[str, Any]) -> list[FieldProblem]:
    """A problem where ``reason`` is missing, too short or too long."""
    reason = body.get("reason")
    if isinstance(reason, str) and SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        return []
    span = f"{SHORTEST_REASON}–{LONGEST_REASON}"
    return [problem("reason", "required", f"请填写原因（{span} 字）", f"A reason of {span} characters")]
