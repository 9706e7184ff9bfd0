"""Which tax rate holds on a day. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any


def rate_on(rates: Iterable[Mapping[str, Any]], code: str, day: date) -> Decimal | None:
    """The rate of ``code`` on ``day``; None when none is in force."""
    valid = [
        rate
        for rate in rates
        if rate["code"] == code and rate["valid_from"] <= day and (rate["valid_to"] is None or day <= rate["valid_to"])
    ]
    return max(valid, key=lambda rate: rate["valid_from"])["rate"] if valid else None
