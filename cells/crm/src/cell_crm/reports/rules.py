"""Figures of reports (pure functions)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from cell_crm.common.money import ZERO, to_cents
from cellkit.declare import Row

_RATE = Decimal("0.0001")


def rate(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """Part ÷ whole to four digits; None where there is nothing to divide by."""
    if not whole:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(_RATE, ROUND_HALF_UP)


def funnel(stages: Sequence[Row], groups: Sequence[Row]) -> list[dict[str, Any]]:
    """How many opportunities reached each stage and the share that went on.

    ``stages``: sequence and name, in order. ``groups``: furthest_sequence, state, count, amount. A won opportunity
    counts as having passed every stage. Answers one entry a stage and a last one for what was won; ``step`` is the
    conversion from the entry before, ``cumulative`` from the first.
    """
    entries: list[dict[str, Any]] = []
    for stage in stages:
        reached = [
            group
            for group in groups
            if group["state"] == "won" or (group["furthest_sequence"] or 0) >= stage["sequence"]
        ]
        entries.append(_entry(stage["name"], stage["sequence"], reached))
    entries.append(_entry("赢单", None, [group for group in groups if group["state"] == "won"]))
    first = entries[0]["count"]
    for index, entry in enumerate(entries):
        before = entries[index - 1]["count"] if index else entry["count"]
        entry["step"] = rate(entry["count"], before)
        entry["cumulative"] = rate(entry["count"], first)
    return entries


def _entry(name: str, sequence: int | None, groups: Sequence[Row]) -> dict[str, Any]:
    return {
        "stage": name,
        "sequence": sequence,
        "count": sum(group["count"] for group in groups),
        "amount": sum((group["amount"] for group in groups), ZERO),
    }


def forecast(rows: Sequence[Row]) -> dict[str, Any]:
    """Σ amount × probability by month, each opportunity rounded half up to 0.01 as its list shows it.

    ``rows``: month (``YYYY-MM`` or None), count, amount, weighted.
    """
    items = [
        {"month": row["month"], "count": row["count"], "amount": row["amount"], "weighted": to_cents(row["weighted"])}
        for row in rows
    ]
    totals = {
        "count": sum(item["count"] for item in items),
        "amount": sum((item["amount"] for item in items), ZERO),
        "weighted": sum((item["weighted"] for item in items), ZERO),
    }
    return {"items": items, "totals": totals}


def win_rate(won: int, lost: int) -> Decimal | None:
    """Won among what was decided; void ones were never opportunities."""
    return rate(won, won + lost)
