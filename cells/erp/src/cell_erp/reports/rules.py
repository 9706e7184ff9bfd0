"""Sums of reports: the trial balance over a tree of accounts, and ageing. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from cell_erp.figures import ZERO

BUCKETS = ("not_due", "days_1_30", "days_31_60", "days_61_90", "over_90")
"""Ageing by days past due."""


def bucket(due: date, day: date) -> str:
    """The ageing bucket on ``day`` of what was due on ``due``."""
    late = (day - due).days
    if late <= 0:
        return "not_due"
    return BUCKETS[1 + min(3, (late - 1) // 30)]


@dataclass(slots=True)
class Figures:
    """Opening (debit − credit), turnover of both sides."""

    opening: Decimal = ZERO
    debit: Decimal = ZERO
    credit: Decimal = ZERO

    @property
    def closing(self) -> Decimal:
        """Debit − credit at the end."""
        return self.opening + self.debit - self.credit

    def add(self, other: Figures) -> None:
        """Add another account's figures."""
        self.opening += other.opening
        self.debit += other.debit
        self.credit += other.credit


def roll_up(accounts: Iterable[Mapping[str, Any]], own: Mapping[Any, Figures]) -> dict[Any, Figures]:
    """Figures by account id with those of its descendants added. ``accounts`` have ``id`` and ``parent_account_id``."""
    parents = {account["id"]: account["parent_account_id"] for account in accounts}
    result: dict[Any, Figures] = {}
    for account_id, figures in own.items():
        current = account_id
        while current is not None:
            result.setdefault(current, Figures()).add(figures)
            current = parents.get(current)
    return result


def sides(net: Decimal) -> tuple[Decimal, Decimal]:
    """A net figure as ``(debit, credit)``."""
    return (net, ZERO) if net >= ZERO else (ZERO, -net)
