"""Allocating money to invoices. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from cell_erp.figures import ZERO


def oldest_first(invoice: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    """The order of first in, first out: by due date, then invoice date, then number."""
    return invoice["due_date"], invoice["invoice_date"], invoice["number"]


def fifo(amount: Decimal, invoices: Iterable[Mapping[str, Any]]) -> list[tuple[Any, Decimal]]:
    """``[(invoice id, amount)]``: fill the oldest invoices first, none beyond what is open, no more than ``amount``."""
    left = amount
    shares: list[tuple[Any, Decimal]] = []
    for invoice in sorted(invoices, key=oldest_first):
        if left <= ZERO:
            break
        share = min(left, invoice["open_amount"])
        if share > ZERO:
            shares.append((invoice["id"], share))
            left -= share
    return shares
